package org.keyfleet.benchmarks.fleet;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A group of real processes that has been through ten rekeys, one of them an eviction. Three
 * members, so that the path of the watched one has a key between its root key and the top.
 */
final class RekeyedGroup implements AutoCloseable {
  private static final int REKEYS = 10;
  private static final int EVICTION = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final Fleet fleet;
  private final AgentProcess watched;

  private RekeyedGroup(Path directory, Fleet fleet, AgentProcess watched) {
    this.directory = directory;
    this.fleet = fleet;
    this.watched = watched;
  }

  /** Ten rekeys under strict custody. */
  static RekeyedGroup strict(Path directory, TokenKind token)
      throws IOException, InterruptedException {
    RekeyedGroup group = start(directory, "strict", token);
    boolean done = false;
    try {
      for (int i = 1; i <= REKEYS; i++) {
        if (i == EVICTION) {
          group.evict(group.fleet.agents().get(2));
        } else {
          group.rekey();
        }
      }
      done = true;
      return group;
    } finally {
      if (!done) {
        group.close();
      }
    }
  }

  /** No rekey but those of the joins, under standard custody with the keys in a file. */
  static RekeyedGroup inHostMemory(Path directory) throws IOException, InterruptedException {
    return start(directory, "standard", TokenKind.SOFT);
  }

  private static RekeyedGroup start(Path directory, String custody, TokenKind token)
      throws IOException, InterruptedException {
    Launcher launcher = Launcher.plain(directory.resolve("no-trimmed-runtime"));
    Fleet fleet = Fleet.start(new FleetOptions(directory, custody, token, null), launcher);
    boolean done = false;
    try {
      AgentProcess watched = join(fleet, "watched", "multicast");
      join(fleet, "neighbour", "multicast");
      join(fleet, "leaver", "mqtt");
      RekeyedGroup group = new RekeyedGroup(directory, fleet, watched);
      group.awaitNewestKeys("");
      done = true;
      return group;
    } finally {
      if (!done) {
        fleet.close();
      }
    }
  }

  private static AgentProcess join(Fleet fleet, String name, String transport)
      throws IOException, InterruptedException {
    AgentProcess agent = fleet.add(name, transport, name.equals("watched"));
    agent.start();
    Await.until(
        () -> name + " is a member\n" + agent.daemon().tail(),
        PATIENCE,
        () -> agent.status().joined());
    return agent;
  }

  AgentProcess watched() {
    return watched;
  }

  Path serverDirectory() {
    return directory.resolve("gcks");
  }

  /** What the watched agent answers to a command of its control socket. */
  JsonObject ask(String command) throws IOException {
    return Control.ask(watched.directory().resolve("control.sock"), Control.request(command));
  }

  /** Key IDs of the watched agent, from the key that wraps the Rekey SA's to its root key. */
  List<Long> keyPath() throws IOException {
    JsonArray path = ask("keys").getArray("groups").getObject(0).getArray("keyPath");
    List<Long> keyIds = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      keyIds.add(path.getLong(i));
    }
    return keyIds;
  }

  /** Lets go of the server's store and keys. */
  void killServer() throws InterruptedException {
    fleet.gcks().daemon().kill();
  }

  private void rekey() throws IOException, InterruptedException {
    String before = fleet.gcks().rekeySpi();
    fleet.gcks().rekey();
    awaitNewestKeys(before);
  }

  private void evict(AgentProcess leaver) throws IOException, InterruptedException {
    String before = fleet.gcks().rekeySpi();
    fleet.gcks().evict(leaver.name() + FleetOptions.DOMAIN);
    awaitNewestKeys(before);
    Await.until(
        () -> leaver.name() + " knows that it is out\n" + leaver.daemon().tail(),
        PATIENCE,
        () -> leaver.status().state().equals(AgentStatus.EXCLUDED));
  }

  /** Until the watched agent has the Rekey SA and the data SAs that came after {@code before}. */
  private void awaitNewestKeys(String before) throws IOException, InterruptedException {
    Await.until(
        () -> "the watched agent has the newest keys\n" + watched.daemon().tail(),
        PATIENCE,
        () -> {
          KeysInUse newest = fleet.gcks().keysInUse();
          return !newest.rekeySpi().equals(before) && watched.keysInUse().equals(newest);
        });
  }

  @Override
  public void close() throws IOException {
    fleet.close();
  }
}
