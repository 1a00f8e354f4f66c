package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.GroupSettings;
import org.keyfleet.agent.group.LastPolicy;
import org.keyfleet.agent.journal.Journal;
import org.keyfleet.agent.run.StartException;
import org.keyfleet.agent.run.StateLock;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.KeyCustody;

/**
 * What a group asks of custody.
 *
 * @param level the least that will do
 * @param asks who asks for what, in words
 * @param contradicted whether we ask for strict and the group is standard
 */
record GroupDemand(String group, CustodyLevel level, String asks, boolean contradicted) {

  /** By the configuration and the groups' last policies: of their journals, or of the agent. */
  static List<GroupDemand> of(AgentConfig config, KeyCustody custody, SecureRandom random)
      throws CustodyException, IOException {
    if (Files.notExists(config.stateDirectory())) {
      return of(config, new JsonObject());
    }
    StateLock lock;
    try {
      lock = StateLock.take(config.stateDirectory());
    } catch (StartException e) {
      return ofRunning(config);
    }
    try {
      return ofJournals(config, custody, random);
    } finally {
      lock.close();
    }
  }

  private static List<GroupDemand> ofJournals(
      AgentConfig config, KeyCustody custody, SecureRandom random)
      throws CustodyException, IOException {
    List<GroupDemand> demands = new ArrayList<>();
    for (GroupSettings group : config.groups()) {
      Path journal = Journal.path(config.stateDirectory(), group.name());
      demands.add(of(group, LastPolicy.strict(journal, custody, random)));
    }
    return demands;
  }

  /** By the configuration and what the running agent says; without one, by the configuration. */
  static List<GroupDemand> ofRunning(AgentConfig config) {
    try {
      return of(config, Asking.ask(config, Asking.command("status")));
    } catch (CommandFailedException e) {
      return of(config, new JsonObject());
    }
  }

  static CustodyLevel strongest(List<GroupDemand> demands) {
    CustodyLevel strongest = CustodyLevel.HOST;
    for (GroupDemand demand : demands) {
      strongest = demand.level().meets(strongest) ? demand.level() : strongest;
    }
    return strongest;
  }

  private static List<GroupDemand> of(AgentConfig config, JsonObject status) {
    JsonArray groups = status.getArray("groups", new JsonArray());
    List<GroupDemand> demands = new ArrayList<>();
    for (GroupSettings group : config.groups()) {
      Optional<Boolean> strict = Optional.empty();
      for (int i = 0; i < groups.size(); i++) {
        JsonObject found = groups.getObject(i);
        boolean joined = found.getLong("rekeySecondsLeft", -1) >= 0 || found.has("rekeySpi");
        if (found.getString("name", "").equals(group.name()) && joined) {
          strict = Optional.of(found.getString("custody", "").equals("strict"));
        }
      }
      demands.add(of(group, strict));
    }
    return demands;
  }

  private static GroupDemand of(GroupSettings group, Optional<Boolean> lastStrict) {
    String name = group.name();
    if (lastStrict.isPresent() && lastStrict.get()) {
      return new GroupDemand(name, CustodyLevel.IN_TOKEN, "strict, by its policy", false);
    }
    if (group.strictCustody()) {
      return new GroupDemand(
          name,
          CustodyLevel.IN_TOKEN,
          "strict, by require-strict-custody here",
          lastStrict.isPresent());
    }
    return new GroupDemand(
        name,
        CustodyLevel.HOST,
        lastStrict.isPresent() ? "standard, by its policy" : "nothing known before it is joined",
        false);
  }
}
