package org.keyfleet.benchmarks.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.AgentStatus;
import org.keyfleet.benchmarks.fleet.Await;
import org.keyfleet.benchmarks.fleet.Capture;
import org.keyfleet.benchmarks.fleet.EspTap;
import org.keyfleet.benchmarks.fleet.Fleet;
import org.keyfleet.benchmarks.fleet.FleetOptions;
import org.keyfleet.benchmarks.fleet.KeysInUse;

/** What happens in the demonstration, step by step. */
final class Scenario {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofMillis(1500);
  private static final int BURST = 40;
  private static final long PAUSE_IN_REKEY_MILLIS = 20_000;

  private final Fleet fleet;
  private final LiveTable table;
  private final DemoOptions options;
  private final Verdict verdict = new Verdict();
  private int sent;
  private int sentBeforeEviction;
  private @Nullable AgentProcess evicted;
  private @Nullable AgentProcess headEnd;

  Scenario(Fleet fleet, LiveTable table, DemoOptions options) {
    this.fleet = fleet;
    this.table = table;
    this.options = options;
  }

  /** True when everything happened as it should. */
  boolean run() throws IOException, InterruptedException {
    try (EspTap tap = fleet.tap()) {
      Path pcap = options.pcap();
      Capture capture = pcap == null ? null : fleet.capture(pcap);
      try {
        play(tap);
      } finally {
        if (capture != null) {
          capture.close();
        }
      }
    }
    List<Row> rows = rows();
    table.show(rows);
    table.end();
    Report report =
        Report.of(
            verdict,
            rows,
            fleet.gcks().rekeys(),
            fleet.agents(),
            sentBeforeEviction,
            sent,
            options.pcap());
    if (options.json() != null) {
      report.write(options.json());
    }
    report.print(System.out);
    return report.ok();
  }

  private void play(EspTap tap) throws IOException, InterruptedException {
    AgentProcess sender = register();
    headEnd = sender;
    burst("Send protected datagrams to the group");
    int before = tap.seen();
    join(tap, before);
    burst("Send again, now to one member more");
    sentBeforeEviction = sent;
    evict("tv-2");
    burst("Send after the eviction");
    verdict.evictedReadAfter(agent("tv-2").traffic().readBetween(sentBeforeEviction, sent));
    table.outcome(
        verdict.evictedReadAfter() == 0,
        "tv-2 read " + verdict.evictedReadAfter() + " of " + (sent - sentBeforeEviction));
    killInRekey("gw-2");
    burst("Send to the member that came back");
    restartServer();
    burst("Send under the keys of the restarted server");
  }

  private AgentProcess register() throws IOException, InterruptedException {
    table.step(
        "Make five devices, each with its own token, and start them: two follow rekeys over MQTT, three by multicast");
    AgentProcess sender = fleet.add("head-end", "multicast", true);
    fleet.add("tv-1", "multicast", false);
    fleet.add("tv-2", "multicast", false);
    fleet.add("gw-1", "mqtt", false);
    fleet.add("gw-2", "mqtt", false);
    for (AgentProcess agent : fleet.agents()) {
      agent.start();
    }
    boolean all = waitFor("all devices are registered", () -> allJoined());
    verdict.require(all);
    table.outcome(all, fleet.gcks().members() + " members registered");
    return sender;
  }

  private void join(EspTap tap, int seen) throws IOException, InterruptedException {
    table.step("One more device joins; an eavesdropper replays to it what was sent before");
    int earlier = sent;
    AgentProcess late = fleet.add("tv-3", "multicast", false);
    late.start();
    verdict.require(waitFor("tv-3 is registered", () -> allJoined()));
    tap.replay(0, seen);
    settle();
    verdict.lateJoinerReadBefore(late.traffic().readBetween(0, earlier));
    verdict.require(seen >= earlier);
    table.outcome(
        verdict.lateJoinerReadBefore() == 0,
        seen
            + " recorded datagrams replayed, tv-3 read "
            + verdict.lateJoinerReadBefore()
            + " of them");
  }

  private void evict(String name) throws IOException, InterruptedException {
    table.step("Evict " + name + " with one message to the group");
    AgentProcess agent = agent(name);
    evicted = agent;
    long rekeys = agent("gw-1").status().rekeysApplied();
    fleet.gcks().evict(name + FleetOptions.DOMAIN);
    boolean said =
        waitFor(
            name + " says that it is excluded",
            () -> agent.status().state().equals(AgentStatus.EXCLUDED));
    boolean others =
        waitFor(
            "the others follow",
            () -> agent("gw-1").status().rekeysApplied() > rekeys && allJoined());
    verdict.require(said && others);
    table.outcome(
        said && others, name + " says " + agent.status().state() + ", the others have new keys");
  }

  private void killInRekey(String name) throws IOException, InterruptedException {
    table.step("Kill " + name + " with SIGKILL in the middle of a rekey, and start it again");
    AgentProcess agent = agent(name);
    agent.daemon().close();
    agent.startPausingInRekey(PAUSE_IN_REKEY_MILLIS);
    verdict.require(waitFor(name + " is back from its journal", () -> agent.status().joined()));
    fleet.gcks().rekey();
    boolean inRekey = waitFor(name + " is in the middle of the rekey", () -> agent.paused());
    agent.daemon().kill();
    table.show(rows());
    agent.start();
    boolean back = waitFor(name + " recovered", () -> allJoined());
    verdict.recovered(inRekey && back);
    table.outcome(
        inRekey && back, name + " was killed between token and journal, and is a member again");
  }

  private void restartServer() throws IOException, InterruptedException {
    table.step("Kill the server, start it again, and replace the keys");
    long rekeys = agent("tv-1").status().rekeysApplied();
    fleet.gcks().daemon().kill();
    fleet.gcks().start();
    fleet.gcks().rekey();
    boolean followed =
        waitFor(
            "the group follows the restarted server",
            () -> agent("tv-1").status().rekeysApplied() > rekeys && allJoined());
    verdict.require(followed);
    table.outcome(
        followed,
        "the restarted server goes on where it was: "
            + fleet.gcks().rekeys().size()
            + " rekey messages so far");
  }

  /** Sends a burst and waits until every member that may read it has. */
  private void burst(String what) throws IOException, InterruptedException {
    table.step(what);
    AgentProcess sender = agent("head-end");
    verdict.require(waitFor("all members have the server's newest keys", () -> allCurrent()));
    settle();
    int from = sent;
    for (int i = 0; i < BURST; i++) {
      sender.traffic().send(sent++);
      Thread.sleep(5);
    }
    boolean all =
        waitFor("every member reads all", () -> readers(from).size() == entitled().size());
    settle();
    verdict.require(all);
    table.outcome(
        all,
        readers(from).size()
            + " of "
            + entitled().size()
            + " members read all "
            + BURST
            + " datagrams");
  }

  private List<AgentProcess> readers(int from) throws IOException {
    List<AgentProcess> readers = new ArrayList<>();
    for (AgentProcess agent : entitled()) {
      if (agent.traffic().readBetween(from, sent) == sent - from) {
        readers.add(agent);
      }
    }
    return readers;
  }

  /** Receivers that are members now. */
  private List<AgentProcess> entitled() {
    List<AgentProcess> entitled = new ArrayList<>(fleet.agents());
    entitled.removeIf(agent -> agent.equals(evicted) || agent.equals(headEnd));
    return entitled;
  }

  private boolean allJoined() {
    for (AgentProcess agent : fleet.agents()) {
      if (!agent.equals(evicted) && !agent.status().joined()) {
        return false;
      }
    }
    return true;
  }

  private boolean allCurrent() throws IOException {
    KeysInUse newest = fleet.gcks().keysInUse();
    for (AgentProcess agent : fleet.agents()) {
      if (!agent.equals(evicted)
          && !(agent.status().joined() && agent.keysInUse().equals(newest))) {
        return false;
      }
    }
    return true;
  }

  /** False, with a word on the terminal, when it does not happen. */
  private boolean waitFor(String what, Await.Condition condition) throws InterruptedException {
    try {
      Await.until(
          () -> what,
          PATIENCE,
          () -> {
            table.show(rows());
            return condition.holds();
          });
      return true;
    } catch (IOException e) {
      table.outcome(false, String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void settle() throws IOException, InterruptedException {
    long end = System.nanoTime() + SETTLE.toNanos();
    while (System.nanoTime() < end) {
      table.show(rows());
      Thread.sleep(100);
    }
  }

  private AgentProcess agent(String name) {
    return fleet.agents().stream()
        .filter(agent -> agent.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (AgentProcess agent : fleet.agents()) {
      rows.add(Row.of(agent, agent.status(), agent.traffic().readBetween(0, sent), sent));
    }
    return rows;
  }
}
