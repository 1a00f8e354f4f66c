package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.agent.registration.FailureReason;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.gcks.policy.RekeyAuthentication;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.gcks.policy.SaSuite;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;

/** Joining, leaving, being thrown out: who has which keys. */
class MembershipTest extends WorldFixture {
  @ParameterizedTest
  @EnumSource(
      value = SignatureScheme.class,
      names = {"ED25519", "ECDSA_P256_SHA256", "ECDSA_P384_SHA384"})
  void certificatesOfEveryKindRegister(SignatureScheme scheme) throws Exception {
    PlainMember member = world().registered(world().certifiedMember("m1.fleet.example", scheme));
    assertEquals(2, member.current().size());
    assertEquals(2, member.keyPath().size());
  }

  @Test
  void membersShareTheKeysOfTheirTime() throws Exception {
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    Set<Bytes> before = new HashSet<>(m1.current().values());
    // m1 <- GSA_REKEY{new Rekey SA}, GSA_REKEY{new data SAs}; m2 <- GSA_AUTH
    PlainMember m2 = world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    assertEquals(m1.current(), m2.current());
    assertEquals(m1.rekeySpi(), m2.rekeySpi());
    assertEquals(2, m1.rekeys.size());
    // backward access control: nothing that m1 had before reaches m2
    for (Bytes key : before) {
      assertFalse(m2.dataKeys.containsValue(key));
      assertFalse(m1.current().containsValue(key));
    }
  }

  @Test
  void withoutBackwardAccessControlAJoinDisturbsNobody() throws Exception {
    policy.backward = false;
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    PlainMember m2 = world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    assertTrue(m1.rekeys.isEmpty());
    assertEquals(m1.current(), m2.current());
  }

  @Test
  void theTreeGrowsWithTheGroup() throws Exception {
    for (int i = 1; i <= 9; i++) {
      world().registered(world().pskMember("m" + i + ".fleet.example"));
      world().runSeconds(1);
      assertSameKeys();
    }
    assertEquals(4, world().get("m9.fleet.example").keyPath().size());
  }

  @Test
  void anEvictedMemberIsExcludedAndTheOthersGoOn() throws Exception {
    for (int i = 1; i <= 8; i++) {
      world().registered(world().pskMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(1);
    PlainMember out = world().get("m6.fleet.example");
    assertTrue(world().server().group("fleet").orElseThrow().evict(out.name, false));
    world().runSeconds(1);
    assertTrue(out.excluded);
    world().remove(out.name);
    assertSameKeys();
    for (PlainMember member : world().members.values()) {
      assertFalse(member.excluded, member.name);
      for (Bytes key : member.current().values()) {
        assertFalse(out.dataKeys.containsValue(key));
      }
    }
    // out is blocked
    out.register(world().nowNanos());
    world().members.put(out.name, out);
    world().runSeconds(1);
    assertEquals(FailureReason.NOT_AUTHORISED, out.failure);
    world().server().group("fleet").orElseThrow().list(out.name);
    world().registered(out);
    world().runSeconds(1);
    assertSameKeys();
  }

  @Test
  void aMemberLeaves() throws Exception {
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    PlainMember m2 = world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    Set<Bytes> shared = new HashSet<>(m1.current().values());
    m2.leave(world().nowNanos());
    world().runSeconds(1);
    assertFalse(m2.registered);
    assertEquals(1, world().store().memberCount("fleet"));
    assertNotEquals(shared, new HashSet<>(m1.current().values()));
    // it was not thrown out: it may come back
    world().registered(m2);
    world().runSeconds(1);
    assertSameKeys();
  }

  @Test
  void registeringAgainKeepsThePlaceAndRenewsTheRootKey() throws Exception {
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    PlainMember m2 = world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    int rekeys = m2.rekeys.size();
    long rootBefore = m1.keyPath().get(m1.keyPath().size() - 1);
    world().registered(m1);
    world().runSeconds(1);
    assertNotEquals(rootBefore, m1.keyPath().get(m1.keyPath().size() - 1));
    assertEquals(rekeys, m2.rekeys.size());
    assertSameKeys();
    world().server().group("fleet").orElseThrow().evict("m2.fleet.example", false);
    world().runSeconds(1);
    assertFalse(m1.excluded);
  }

  @ParameterizedTest
  @EnumSource(SaSuite.class)
  void everySuiteRefreshes(SaSuite suite) throws Exception {
    policy.suite = suite;
    world().registered(world().pskMember("m1.fleet.example"));
    PlainMember m2 = world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    Set<Bytes> before = new HashSet<>(m2.current().values());
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().runSeconds(1);
    assertSameKeys();
    m2.current().values().forEach(key -> assertFalse(before.contains(key)));
  }

  @Test
  void implicitAuthenticationSignsNothing() throws Exception {
    policy.authentication = RekeyAuthentication.IMPLICIT;
    world().registered(world().pskMember("m1.fleet.example"));
    world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    assertSameKeys();
  }

  @Test
  void strictCustodyAgreesOnTheRootKeyAndNeverUsesGskW() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    PlainMember m1 = world().registered(world().agreeingMember("m1.fleet.example"));
    world().registered(world().agreeingMember("m2.fleet.example"));
    PlainMember m3 = world().registered(world().agreeingMember("m3.fleet.example"));
    world().runSeconds(1);
    assertSameKeys();
    // R stands in front of the tree path
    assertEquals(3, m1.keyPath().size());
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().runSeconds(1);
    assertSameKeys();
    m1.rekeys.stream()
        .flatMap(rekey -> rekey.content().update().stream())
        .flatMap(
            update -> update.policy().rekeySa().flatMap(sa -> update.keys().bag(sa.id())).stream())
        .flatMap(bag -> bag.saKeys().stream())
        .forEach(key -> assertNotEquals(0, key.kwkId()));
    world().server().group("fleet").orElseThrow().evict("m3.fleet.example", false);
    world().runSeconds(1);
    assertTrue(m3.excluded);
    world().remove(m3.name);
    assertSameKeys();
  }

  @Test
  void strictCustodyRefusesMembersWithoutAnAgreeingKey() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    PlainMember psk = world().pskMember("m1.fleet.example");
    psk.register(world().nowNanos());
    PlainMember ed = world().certifiedMember("m2.fleet.example", SignatureScheme.ED25519);
    ed.register(world().nowNanos());
    world().runSeconds(1);
    assertEquals(FailureReason.NOT_AUTHORISED, psk.failure);
    assertEquals(FailureReason.NOT_AUTHORISED, ed.failure);
  }

  @Test
  void anIntervalPutsJoinsAndEvictionsIntoOneRekey() throws Exception {
    policy.mode = RekeyMode.INTERVAL;
    for (int i = 1; i <= 4; i++) {
      world().pskMember("m" + i + ".fleet.example").register(world().nowNanos());
    }
    world().runSeconds(3);
    assertSameKeys();
    PlainMember m1 = world().get("m1.fleet.example");
    int before = m1.rekeys.size();
    // interval: m4 out, m5 and m6 in
    world().server().group("fleet").orElseThrow().evict("m4.fleet.example", false);
    world().pskMember("m5.fleet.example").register(world().nowNanos());
    world().pskMember("m6.fleet.example").register(world().nowNanos());
    world().runSeconds(3);
    PlainMember out = world().remove("m4.fleet.example");
    assertTrue(out.excluded);
    assertEquals(before + 2, m1.rekeys.size());
    assertSameKeys();
    // urgent: at once
    world().server().group("fleet").orElseThrow().evict("m3.fleet.example", true);
    world().run(java.time.Duration.ofMillis(100));
    assertTrue(world().remove("m3.fleet.example").excluded);
    assertSameKeys();
  }

  @Test
  void lifetimesAreKeptByRefreshing() throws Exception {
    policy.lifetime = java.time.Duration.ofSeconds(20);
    policy.dataLifetime = java.time.Duration.ofSeconds(10);
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    Bytes firstRekeySa = m1.rekeySpi();
    world().runSeconds(9);
    assertEquals(1, m1.rekeys.size());
    assertEquals(firstRekeySa, m1.rekeySpi());
    world().runSeconds(9);
    assertNotEquals(firstRekeySa, m1.rekeySpi());
    assertFalse(m1.excluded);
  }

  @Test
  void healingRenewsPathsAndKeepsRootKeys() throws Exception {
    for (int i = 1; i <= 4; i++) {
      world().registered(world().pskMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(1);
    PlainMember m1 = world().get("m1.fleet.example");
    long top = m1.keyPath().get(0);
    long root = m1.keyPath().get(m1.keyPath().size() - 1);
    world().server().group("fleet").orElseThrow().heal(0, 1);
    world().runSeconds(1);
    assertNotEquals(top, m1.keyPath().get(0));
    assertEquals(root, m1.keyPath().get(m1.keyPath().size() - 1));
    assertSameKeys();
  }

  @Test
  void healingComesAroundByItself() throws Exception {
    policy.healInterval = java.time.Duration.ofSeconds(60);
    world().registered(world().pskMember("m1.fleet.example"));
    world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(10);
    PlainMember m1 = world().get("m1.fleet.example");
    int rekeys = m1.rekeys.size();
    long top = m1.keyPath().get(0);
    world().runSeconds(60);
    assertEquals(rekeys + 2, m1.rekeys.size());
    assertNotEquals(top, m1.keyPath().get(0));
    assertSameKeys();
  }

  @Test
  void theIkeSaIsClosedAfterRegistration() throws Exception {
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    assertFalse(m1.ikeSaClosed);
    world().runSeconds(6);
    assertTrue(m1.ikeSaClosed);
    assertEquals(0, world().server().responder().ikeSas());
  }
}
