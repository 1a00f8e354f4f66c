package org.keyfleet.agent.run;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.keyfleet.agent.data.DataCounters;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.agent.group.GroupAgent;
import org.keyfleet.agent.group.GroupStatus;
import org.keyfleet.agent.group.MembershipStatus;
import org.keyfleet.agent.token.TokenReport;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;

/** The agent's state as JSON; never a key. */
final class StatusReport {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Of a token that is there, beside the words of {@link TokenWatch.Condition}. */
  private static final String FULL = "full";

  private final String member;
  private final String tokenLabel;
  private final KeyCustody custody;
  private final TokenWatch token;
  private final AgentClock clock;

  StatusReport(
      String member, String tokenLabel, KeyCustody custody, TokenWatch token, AgentClock clock) {
    this.member = member;
    this.tokenLabel = tokenLabel;
    this.custody = custody;
    this.token = token;
    this.clock = clock;
  }

  JsonObject of(List<GroupSlot> groups) {
    JsonObject report = new JsonObject();
    report.put("ok", true);
    report.put("member", member);
    report.put("token", tokenLabel);
    describeToken(report, groups);
    report.put("custody", custody.capabilities().level().name());
    JsonArray list = new JsonArray();
    for (GroupSlot slot : groups) {
      JsonObject group = new JsonObject();
      group.put("name", slot.name());
      if (!slot.enter(agent -> describe(group, slot, agent))) {
        group.put("trouble", "this group has a fault: see the log");
      }
      list.add(group);
    }
    report.put("groups", list);
    return report;
  }

  private void describeToken(JsonObject report, List<GroupSlot> groups) {
    String state = token.condition().word();
    String trouble = token.trouble();
    if (token.condition() == TokenWatch.Condition.PRESENT) {
      for (GroupSlot group : groups) {
        Optional<String> full = group.agent().tokenFull();
        if (full.isPresent()) {
          state = FULL;
          trouble = full.get();
        }
      }
    }
    report.put("tokenState", state);
    if (!trouble.isEmpty()) {
      report.put("tokenTrouble", trouble);
    }
  }

  private void describe(JsonObject group, GroupSlot slot, GroupAgent agent) {
    GroupStatus status = agent.status();
    MembershipStatus membership = status.membership();
    group.put("state", slot.resting() ? "resting" : status.state());
    group.put("transport", slot.settings().transport().name().toLowerCase(Locale.ROOT));
    group.put("faults", slot.faults());
    group.put("custody", membership.strict() ? "strict" : "standard");
    group.put("token", tokenLabel);
    group.put("registeredMillis", status.registeredMillis());
    group.put("rekeysApplied", membership.rekeysApplied());
    group.put("lastMessageId", membership.lastMessageId());
    status.trouble().ifPresent(text -> group.put("trouble", text));
    status.failure().ifPresent(reason -> group.put("failure", reason.name()));
    membership.rekeySpi().ifPresent(spi -> group.put("rekeySpi", spi.hex()));
    group.put("rekeySecondsLeft", secondsLeft(membership.rekeyExpiresNanos()));
    group.put("dataSas", dataSas(membership));
    group.put("counters", counters(agent.membership().data().counters()));
    JsonArray links = new JsonArray();
    links.addAll(slot.channel().describe());
    group.put("links", links);
    slot.channel().trouble().ifPresent(text -> group.put("linkTrouble", text));
  }

  private JsonArray dataSas(MembershipStatus membership) {
    JsonArray sas = new JsonArray();
    for (DataPlane.Entry entry : membership.dataSas()) {
      JsonObject sa = new JsonObject();
      sa.put("spi", entry.policy().id().spi().hex());
      sa.put("sender", entry.sender());
      sa.put("retiring", entry.retiring());
      sa.put("secondsLeft", secondsLeft(entry.endNanos()));
      sa.put("packetsIn", entry.packetsIn());
      sa.put("packetsOut", entry.packetsOut());
      sas.add(sa);
    }
    return sas;
  }

  private static JsonObject counters(DataCounters counters) {
    JsonObject json = new JsonObject();
    json.put("opened", counters.opened());
    json.put("sealed", counters.sealed());
    json.put("replayed", counters.replayed());
    json.put("notAuthentic", counters.notAuthentic());
    json.put("unknownSpi", counters.unknownSpi());
    json.put("malformed", counters.malformed());
    json.put("notSent", counters.notSent());
    return json;
  }

  /** The token and its keys, session keys among them. */
  JsonObject token() throws CustodyException {
    JsonObject report = TokenReport.of(tokenLabel, custody);
    report.put("ok", true);
    return report;
  }

  /** Which keys there are: SPIs and lifetimes. */
  JsonObject keys(List<GroupSlot> groups) {
    JsonObject report = new JsonObject();
    report.put("ok", true);
    JsonArray list = new JsonArray();
    for (GroupSlot slot : groups) {
      MembershipStatus membership = slot.agent().status().membership();
      JsonObject keys = new JsonObject();
      keys.put("group", slot.name());
      membership.rekeySpi().ifPresent(spi -> keys.put("rekeySpi", spi.hex()));
      keys.put("rekeySecondsLeft", secondsLeft(membership.rekeyExpiresNanos()));
      JsonArray path = new JsonArray();
      path.addAll(membership.keyPath());
      keys.put("keyPath", path);
      keys.put("dataSas", dataSas(membership));
      list.add(keys);
    }
    report.put("groups", list);
    return report;
  }

  /** -1 for an SA without end. */
  private long secondsLeft(long endNanos) {
    return endNanos == AgentClock.NEVER
        ? -1
        : Math.max(0, (endNanos - clock.nowNanos()) / NANOS_PER_SECOND);
  }
}
