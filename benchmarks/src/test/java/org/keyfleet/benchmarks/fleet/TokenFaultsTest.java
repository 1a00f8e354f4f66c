package org.keyfleet.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.testkit.AwkwardToken;
import org.keyfleet.hsm.testkit.SoftHsm;

/**
 * Running agents whose tokens fail, each in its own way and all at the same time: what {@code
 * status} says, that data goes on, and that the same processes follow the group once the tokens are
 * well.
 */
@Tag("interop")
@Tag("one-jdk")
class TokenFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private Fleet fleet;

  @SuppressWarnings("NullAway.Init")
  private Path awkward;

  private final Map<String, Long> processes = new HashMap<>();
  private int sent;

  @BeforeEach
  void startFleet() throws Exception {
    awkward = AwkwardToken.library(directory);
    fleet =
        Fleet.start(
            new FleetOptions(directory, "standard", TokenKind.SOFTHSM, null),
            Launcher.plain(directory.resolve("no-trimmed-runtime")));
  }

  @AfterEach
  void endFleet() throws Exception {
    fleet.close();
  }

  @Test
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void tokensFailAndComeBackUnderRunningAgents() throws Exception {
    AgentProcess speaker = fleet.add("speaker", "multicast", true);
    speaker.start();
    AgentProcess idle = startAwkward("idle", "");
    AgentProcess locked = startAwkward("locked", "");
    AgentProcess full = startAwkward("full", "full");
    try (RemoteToken hsm = RemoteToken.of(fleet.add("remote", "multicast", true).directory())) {
      AgentProcess remote = fleet.agents().get(4);
      remote.start(hsm.environment());
      List<AgentProcess> members = List.of(speaker, idle, locked, remote);
      for (AgentProcess member : members) {
        Await.until(
            () -> member.name() + " is a member\n" + member.daemon().tail(),
            PATIENCE,
            () -> member.status().joined());
        processes.put(member.name(), member.daemon().pid());
      }
      awaitToken(full, "full", "the token is full, remove from it");
      processes.put(full.name(), full.daemon().pid());
      awaitNewestKeys(members);

      int place = hsm.place();
      hsm.end();
      hsm.moveFrom(place);
      say(idle, "dead");
      say(locked, "dead locked");
      awaitToken(locked, "pin-locked", "keyfleet-agent token unlock");
      awaitToken(remote, "gone", "no token pkcs11:token=remote");
      requireTalk(speaker, List.of(idle, locked, remote));
      requireTalk(locked, List.of(speaker));
      requireTalk(remote, List.of(speaker));
      fleet.gcks().rekey();
      // its sessions had ended, and nobody had to notice
      awaitNewestKeys(List.of(speaker, idle));

      say(full, "");
      say(locked, "");
      hsm.begin();
      List<AgentProcess> all = List.of(speaker, idle, locked, full, remote);
      awaitNewestKeys(all);
      assertTrue(hsm.place() != place, "the slot has another number than before");
      requireTalk(speaker, List.of(idle, locked, full, remote));
      for (AgentProcess member : all) {
        assertEquals("present", status(member).getString("tokenState"), member.name());
        if (member != speaker) {
          assertEquals(processes.get(member.name()), member.daemon().pid());
        }
      }
    }
  }

  private AgentProcess startAwkward(String name, String words) throws Exception {
    AgentProcess agent = fleet.add(name, "multicast", true);
    say(agent, words);
    useLibrary(agent.directory(), awkward);
    agent.start(
        Map.of(
            "AWKWARD_LIBRARY",
            SoftHsm.library().orElseThrow().toString(),
            "AWKWARD_FILE",
            agent.directory().resolve("awkward").toString()));
    return agent;
  }

  static void useLibrary(Path agent, Path library) throws IOException {
    Path file = agent.resolve("agent.toml");
    String real = SoftHsm.library().orElseThrow().toString();
    Files.writeString(file, Files.readString(file).replace(real, library.toString()));
  }

  private static void say(AgentProcess agent, String words) throws IOException {
    Files.writeString(agent.directory().resolve("awkward"), words);
  }

  /** In JSON and for people. */
  private static void awaitToken(AgentProcess agent, String state, String trouble)
      throws Exception {
    Await.until(
        () -> agent.name() + "'s token is " + state + "\n" + agent.daemon().tail(),
        PATIENCE,
        () -> status(agent).getString("tokenState", "").equals(state));
    String text = status(agent).getString("tokenTrouble", "");
    assertTrue(text.contains(trouble), text);
    String table = agent.command("status");
    assertTrue(table.contains("token is " + state + ": ") && table.contains(trouble), table);
  }

  private void awaitNewestKeys(List<AgentProcess> agents) throws Exception {
    for (AgentProcess agent : agents) {
      Await.until(
          () -> agent.name() + " has the newest keys\n" + agent.daemon().tail(),
          PATIENCE,
          () -> agent.keysInUse().equals(fleet.gcks().keysInUse()));
    }
  }

  /** Each word is said again until it is heard: data SAs may be a moment behind. */
  private void requireTalk(AgentProcess speaker, List<AgentProcess> listeners) throws Exception {
    int from = sent;
    for (AgentProcess listener : listeners) {
      Await.until(
          () -> listener.name() + " hears " + speaker.name() + "\n" + listener.daemon().tail(),
          PATIENCE,
          () -> {
            speaker.traffic().send(sent++);
            return listener.traffic().readBetween(from, sent) > 0;
          });
    }
  }

  private static JsonObject status(AgentProcess agent) throws IOException {
    return Control.answers(agent.directory().resolve("control.sock"))
        ? Control.ask(agent.directory().resolve("control.sock"), Control.request("status"))
        : new JsonObject();
  }
}
