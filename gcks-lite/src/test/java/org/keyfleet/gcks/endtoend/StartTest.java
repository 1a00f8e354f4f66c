package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
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

  /** The name of an interface is this host's own, and no member was told it. */
  @Test
  void anotherInterfaceChangesNothingForTheMembers() throws Exception {
    world().registered(world().pskMember("m1.fleet.example"));
    world().stopServer();
    policy.interfaceName = Optional.of("eth7");
    World again = worldOf(2).startServer();
    assertEquals(1, again.store().memberCount("fleet"));
  }

  /** Keys of another master would be wrong for every member, without a word. */
  @Test
  void aMissingMasterIsAnErrorWhileTheStoreHasTheGroup() throws Exception {
    world().registered(world().pskMember("m1.fleet.example"));
    world().stopServer();
    KeyCustody other = SoftCustodies.open(Files.createDirectories(directory().resolve("other")));
    try (other) {
      World again = new World(2, policy.settings(), other, directory());
      try {
        CustodyException e = assertThrows(CustodyException.class, again::startServer);
        assertEquals(CustodyFault.NO_KEY, e.fault());
        again.stopServer();
        again.startServer(true);
        assertEquals(0, again.store().memberCount("fleet"));
        again.registered(again.pskMember("m1.fleet.example"));
      } finally {
        again.close();
      }
    }
  }

  private Bytes rekeySpi() throws Exception {
    return world().server().group("fleet").orElseThrow().status().rekeySa().orElseThrow().spi();
  }
}
