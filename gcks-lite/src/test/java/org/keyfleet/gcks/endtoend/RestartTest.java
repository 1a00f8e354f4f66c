package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.memory.MemoryNetwork;

/** The server stops, also in the middle of a transaction, and goes on from its store. */
class RestartTest extends WorldFixture {
  /** Thrown out of the store: the process is gone. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void membersGoOnAcrossARestart() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    for (int i = 1; i <= 3; i++) {
      world().registered(world().agreeingMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(1);
    Bytes spiBefore = world().get("m1.fleet.example").rekeySpi();
    world().stopServer();
    world().runSeconds(30);
    world().startServer();
    world().runSeconds(1);
    assertEquals(spiBefore, world().get("m1.fleet.example").rekeySpi());
    world().server().group("fleet").orElseThrow().evict("m2.fleet.example", false);
    world().runSeconds(1);
    assertTrue(world().remove("m2.fleet.example").excluded);
    assertSameKeys();
    world().registered(world().agreeingMember("m4.fleet.example"));
    world().runSeconds(1);
    assertSameKeys();
  }

  @Test
  void copiesThatWereNotSentAreSentAfterTheRestart() throws Exception {
    world().registered(world().pskMember("m1.fleet.example"));
    world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    // every first copy is lost, then the server dies
    world().network.censor(passage -> passage.to().multicast());
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().run(java.time.Duration.ofMillis(50));
    world().stopServer();
    world().network.censor(any -> false);
    PlainMember m1 = world().get("m1.fleet.example");
    int before = m1.rekeys.size();
    world().startServer();
    world().runSeconds(1);
    assertEquals(before + 2, m1.rekeys.size());
    assertSameKeys();
  }

  @Test
  void anExpiredGroupStartsOverWithoutReusingAnything() throws Exception {
    policy.lifetime = java.time.Duration.ofSeconds(60);
    world().registered(world().pskMember("m1.fleet.example"));
    PlainMember m1 = world().get("m1.fleet.example");
    Set<Bytes> keks = m1.knownKeks();
    world().stopServer();
    world().runSeconds(120);
    world().startServer();
    world().runSeconds(1);
    assertEquals(0, world().store().memberCount("fleet"));
    PlainMember fresh = world().registered(world().pskMember("m1.fleet.example"));
    fresh.knownKeks().forEach(kek -> assertFalse(keks.contains(kek)));
  }

  @Test
  void aChangedPolicyLetsTheMembersStartOver() throws Exception {
    world().registered(world().pskMember("m1.fleet.example"));
    PlainMember m1 = world().get("m1.fleet.example");
    Set<Bytes> keks = m1.knownKeks();
    world().stopServer();
    policy.degree = 4;
    World again = worldOf(2).startServer();
    assertEquals(0, again.store().memberCount("fleet"));
    PlainMember fresh = again.registered(again.pskMember("m1.fleet.example"));
    fresh.knownKeks().forEach(kek -> assertFalse(keks.contains(kek)));
  }

  @Test
  void evictionsOfAnIntervalSurviveAKill() throws Exception {
    policy.mode = RekeyMode.INTERVAL;
    world().pskMember("m1.fleet.example").register(world().nowNanos());
    world().pskMember("m2.fleet.example").register(world().nowNanos());
    world().runSeconds(4);
    world().server().group("fleet").orElseThrow().evict("m2.fleet.example", false);
    world().stopServer(); // before the batch went out
    world().startServer();
    world().runSeconds(4);
    assertTrue(world().remove("m2.fleet.example").excluded);
    assertSameKeys();
  }

  /**
   * A run of joins, refresh, eviction is killed before and after each single statement of the
   * store, and goes on from what is on disk.
   */
  @Test
  @Tag("slow")
  void aKillAtAnyStatementLosesNothingAndReusesNothing() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    int statements = run(Integer.MAX_VALUE);
    assertTrue(statements > 100, statements + " statements");
    for (int killAt = 1; killAt < statements; killAt++) {
      run(killAt);
    }
  }

  /** The same at some of the statements, others each time. */
  @Test
  void aKillAtSomeStatementLosesNothingAndReusesNothing() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    int statements = run(Integer.MAX_VALUE);
    int step = statements / 15;
    int first = 1 + new Random().nextInt(step);
    System.err.println("RestartTest kills at " + first + " and every " + step);
    for (int killAt = first; killAt < statements; killAt += step) {
      run(killAt);
    }
  }

  private int run(int killAt) throws Exception {
    try (Stream<Path> old = Files.list(directory())) {
      for (Path file : old.filter(each -> each.toString().contains("gcks.db")).toList()) {
        Files.delete(file);
      }
    }
    int[] statements = {0};
    World world = worldOf(killAt);
    world.betweenStatements(
        () -> {
          statements[0]++;
          if (statements[0] == killAt) {
            throw new Killed();
          }
        });
    guarded(world, world::startServer);
    PlainMember m1 = world.agreeingMember("m1.fleet.example");
    PlainMember m2 = world.agreeingMember("m2.fleet.example");
    PlainMember m3 = world.agreeingMember("m3.fleet.example");
    for (PlainMember member : List.of(m1, m2, m3)) {
      member.register(world.nowNanos());
      guarded(world, () -> world.runSeconds(1));
      if (!member.registered) {
        world.runSeconds(20); // a lost exchange is tried again
      }
      if (!member.registered) {
        world.registered(member);
      }
    }
    guarded(world, () -> world.server().group("fleet").orElseThrow().refresh("operator"));
    guarded(world, () -> world.runSeconds(2));
    guarded(world, () -> world.server().group("fleet").orElseThrow().evict(m3.name, false));
    guarded(world, () -> world.runSeconds(2));
    // done once more, should the kill have come before it was durable
    guarded(world, () -> world.server().group("fleet").orElseThrow().evict(m3.name, false));
    guarded(world, () -> world.runSeconds(2));
    world.remove(m3.name);
    assertTrue(m3.excluded, "killed at " + killAt + ": m3 goes on");
    m1.current().values().forEach(key -> assertFalse(m3.dataKeys.containsValue(key)));
    assertFalse(m1.excluded, "killed at " + killAt);
    assertFalse(m2.excluded, "killed at " + killAt);
    assertEquals(m1.current(), m2.current(), "killed at " + killAt);
    assertNothingTwice(world, List.of(m1, m2, m3), "killed at " + killAt);
    world.close();
    return statements[0];
  }

  /** Every Message ID of a Rekey SA stands for one message, every SPI and Key ID for one key. */
  private static void assertNothingTwice(World world, List<PlainMember> members, String when) {
    Map<Bytes, Bytes> messages = new HashMap<>();
    for (MemoryNetwork.Passage passage : world.network.passages()) {
      Bytes octets = Bytes.copyOf(passage.datagram().octets());
      if (passage.to().multicast()) {
        Bytes id = Bytes.concat(octets.slice(0, 16), octets.slice(20, 24));
        Bytes other = messages.putIfAbsent(id, octets);
        assertTrue(other == null || other.equals(octets), when + ": Message ID twice");
      }
    }
    Map<Bytes, Bytes> bySpi = new HashMap<>();
    for (PlainMember member : members) {
      member.dataKeys.forEach(
          (spi, key) -> {
            Bytes other = bySpi.putIfAbsent(spi, key);
            assertTrue(other == null || other.equals(key), when + ": SPI twice");
          });
    }
    assertEquals(bySpi.size(), new HashSet<>(bySpi.values()).size(), when + ": key twice");
    Map<Long, Bytes> byKeyId = new HashMap<>();
    for (PlainMember member : members) {
      member.keks.forEach(
          (id, kek) -> {
            Bytes other = byKeyId.putIfAbsent(id, Bytes.copyOf(kek));
            assertTrue(other == null || other.equals(Bytes.copyOf(kek)), when + ": Key ID twice");
          });
    }
  }

  /** Runs a step; when the process is killed in it, it is started again. */
  private static void guarded(World world, Step step) throws Exception {
    try {
      step.run();
    } catch (Killed e) {
      world.stopServer();
      world.startServer();
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }
}
