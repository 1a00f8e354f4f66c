package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.suite.KeyWrap;

/** The same lives in a group with one-way function chains. */
class ChainMembershipTest extends MembershipTest {
  @BeforeEach
  void chains() {
    policy.gkma = TreeGkma.OFC;
    policy.degree = 2;
  }

  /** A joiner's path is computed from its own key: somebody always has to learn it. */
  @Test
  @Override
  void withoutBackwardAccessControlAJoinDisturbsNobody() throws Exception {
    policy.backward = false;
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    assertFalse(m1.rekeys.isEmpty());
    assertSameKeys();
  }

  /** A new root key renews the path above it, as if one had gone and another one come. */
  @Test
  @Override
  void registeringAgainKeepsThePlaceAndRenewsTheRootKey() throws Exception {
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    long rootBefore = m1.keyPath().get(m1.keyPath().size() - 1);
    world().registered(m1);
    world().runSeconds(1);
    assertNotEquals(rootBefore, m1.keyPath().get(m1.keyPath().size() - 1));
    assertEquals(2, world().store().memberCount("fleet"));
    assertSameKeys();
    world().server().group("fleet").orElseThrow().evict("m2.fleet.example", false);
    world().runSeconds(1);
    assertFalse(m1.excluded);
  }

  /** One eviction from a full tree of 16: four wraps, the SA key's two among them. */
  @Test
  void anEvictionCostsTheHeightOfTheTree() throws Exception {
    policy.keyWrap = KeyWrap.KW_5649_128;
    for (int i = 1; i <= 16; i++) {
      world().registered(world().pskMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(1);
    PlainMember out = world().get("m6.fleet.example");
    world().server().group("fleet").orElseThrow().evict(out.name, false);
    world().runSeconds(1);
    assertTrue(out.excluded);
    world().remove(out.name);
    assertSameKeys();
    RekeyMessageRow eviction =
        world().store().rekeyMessages("fleet", 1000).stream()
            .filter(row -> row.reason().equals("evict"))
            .findFirst()
            .orElseThrow();
    assertEquals(4, eviction.wraps());
  }

  /** What is in the store is enough to compute every key again. */
  @Test
  void aRestartedServerComputesTheSameKeys() throws Exception {
    for (int i = 1; i <= 11; i++) {
      world().registered(world().pskMember("m" + i + ".fleet.example"));
    }
    world().server().group("fleet").orElseThrow().evict("m4.fleet.example", false);
    world().runSeconds(1);
    world().remove("m4.fleet.example");
    world().stopServer();
    world().startServer();
    world().server().group("fleet").orElseThrow().evict("m9.fleet.example", false);
    world().runSeconds(1);
    world().remove("m9.fleet.example");
    world().registered(world().pskMember("m12.fleet.example"));
    world().server().group("fleet").orElseThrow().heal(0, 3);
    world().runSeconds(1);
    world().members.values().forEach(member -> assertFalse(member.excluded, member.name));
    assertSameKeys();
  }
}
