package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a group does in the course of time. */
class UpkeepTest extends WorldFixture {
  /**
   * Also in a tree with gaps, and across a restart, the next member is healed, not the same again.
   */
  @Test
  void healingGoesOnBehindTheLastHealedMember() throws Exception {
    for (int i = 1; i <= 6; i++) {
      world().registered(world().pskMember("m" + i + ".fleet.example"));
    }
    world().server().group("fleet").orElseThrow().evict("m2.fleet.example", false);
    world().server().group("fleet").orElseThrow().evict("m3.fleet.example", false);
    world().runSeconds(1);
    int leaf = leafOf("m4.fleet.example");
    world().server().group("fleet").orElseThrow().heal(leaf, 1);
    world().runSeconds(1);
    assertEquals(leaf + 1, world().store().group("fleet").orElseThrow().healFrom());
    world().stopServer();
    world().startServer();
    PlainMember m5 = world().get("m5.fleet.example");
    List<Long> before = m5.keyPath();
    world()
        .server()
        .group("fleet")
        .orElseThrow()
        .heal(world().store().group("fleet").orElseThrow().healFrom(), 1);
    world().runSeconds(1);
    // all of its path but its own key is new
    assertEquals(before.get(before.size() - 1), m5.keyPath().get(before.size() - 1));
    for (int i = 0; i < before.size() - 1; i++) {
      assertNotEquals(before.get(i), m5.keyPath().get(i));
    }
  }

  @Test
  void refusedJoinsDoNotFillTheStore() throws Exception {
    policy.listedOnly = true;
    for (int i = 1; i <= 20; i++) {
      world().pskMember("m" + i + ".fleet.example").register(world().nowNanos());
    }
    world().runSeconds(2);
    long lines = world().store().audit(1000).stream().filter(UpkeepTest::refusal).count();
    assertEquals(1, lines);
    world().runSeconds(10);
    world().pskMember("m21.fleet.example").register(world().nowNanos());
    world().runSeconds(1);
    assertTrue(
        world().store().audit(1000).stream()
            .filter(UpkeepTest::refusal)
            .anyMatch(line -> line.detail().equals("m21.fleet.example (and 19 before)")));
  }

  private static boolean refusal(org.keyfleet.gcks.store.AuditRow line) {
    return line.event().startsWith("refused");
  }

  private int leafOf(String name) throws Exception {
    return world().store().member("fleet", name).orElseThrow().leaf();
  }
}
