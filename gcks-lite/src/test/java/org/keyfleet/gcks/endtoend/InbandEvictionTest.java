package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.gcks.policy.RekeyTransport;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.protocol.octets.Bytes;

/** Whoever is thrown out of a group without a Rekey SA is out, whatever happens in between. */
class InbandEvictionTest extends WorldFixture {
  /** Thrown out of the store: the process is gone. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeEach
  void inband() {
    policy.transport = RekeyTransport.INBAND;
    policy.backward = false;
  }

  @Test
  void anIntervalEndsWithNewKeys() throws Exception {
    policy.mode = RekeyMode.INTERVAL;
    PlainMember m1 = world().pskMember("m1.fleet.example");
    PlainMember m2 = world().pskMember("m2.fleet.example");
    m1.register(world().nowNanos());
    m2.register(world().nowNanos());
    world().runSeconds(3);
    Map<Bytes, Bytes> before = m1.current();
    assertEquals(before, m2.current());
    assertTrue(world().server().group("fleet").orElseThrow().evict(m2.name, false));
    world().run(java.time.Duration.ofMillis(500));
    assertEquals(before, m1.current(), "not before the interval ends");
    world().runSeconds(2);
    assertNotEquals(before, m1.current());
    m1.current().values().forEach(key -> assertFalse(m2.dataKeys.containsValue(key)));
  }

  /** A kill before and after each statement of an eviction: it is made good after the restart. */
  @Test
  void anEvictionThatIsOnDiskIsCarriedOut() throws Exception {
    int[] left = {0};
    World world =
        worldOf(1)
            .betweenStatements(
                () -> {
                  if (left[0] > 0 && --left[0] == 0) {
                    throw new Killed();
                  }
                });
    world.startServer();
    world.registered(world.pskMember("m0.fleet.example"));
    boolean killed = true;
    int cutShort = 0;
    for (int killAt = 1; killed; killAt++) {
      String name = "m" + killAt + ".fleet.example";
      world.registered(world.pskMember(name));
      List<DataSaRow> before = world.server().group("fleet").orElseThrow().status().dataSas();
      killed = false;
      left[0] = killAt;
      try {
        world.server().group("fleet").orElseThrow().evict(name, false);
      } catch (Killed e) {
        killed = true;
        world.stopServer();
        world.startServer();
        cutShort += world.store().blocked("fleet", name) ? 1 : 0;
        world.runSeconds(1);
      }
      left[0] = 0;
      List<DataSaRow> after = world.server().group("fleet").orElseThrow().status().dataSas();
      assertEquals(
          world.store().blocked("fleet", name),
          before.stream().noneMatch(sa -> after.stream().anyMatch(now -> now.spi() == sa.spi())),
          "killed at " + killAt);
    }
    assertTrue(cutShort > 5, cutShort + " kills between the eviction and its rekey");
  }
}
