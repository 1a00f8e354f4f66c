package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.protocol.octets.Bytes;

/** What a server does before it takes its first datagram. */
class StartTest extends WorldFixture {
  /** Else somebody could be let in under keys that the one who is out still has. */
  @Test
  void whoeverIsOutIsTakenOutFirst() throws Exception {
    policy.mode = RekeyMode.INTERVAL;
    world().pskMember("m1.fleet.example").register(world().nowNanos());
    world().pskMember("m2.fleet.example").register(world().nowNanos());
    world().runSeconds(4);
    world().server().group("fleet").orElseThrow().evict("m2.fleet.example", false);
    assertEquals(1, world().server().group("fleet").orElseThrow().status().pendingLeaves());
    Bytes before = rekeySpi();
    world().stopServer();
    world().startServer();
    assertEquals(0, world().server().group("fleet").orElseThrow().status().pendingLeaves());
    assertNotEquals(before, rekeySpi());
    world().runSeconds(1);
    assertEquals(rekeySpi(), world().get("m1.fleet.example").rekeySpi());
  }

  private Bytes rekeySpi() throws Exception {
    return world().server().group("fleet").orElseThrow().status().rekeySa().orElseThrow().spi();
  }
}
