package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.gcks.group.InsecureGroupKeys;
import org.keyfleet.gcks.policy.SignatureKey;
import org.keyfleet.gcks.registration.ResponderLimits;
import org.keyfleet.gcks.store.GroupSnapshot;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.protocol.gikev2.RekeySaKeys;
import org.keyfleet.protocol.gikev2.RekeySuite;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.SkCipher;

/** A group whose rekey messages carry ML-DSA signatures, by a key of the group's own. */
class PostQuantumRekeyTest extends AgentsFixture {
  private static final int SK_HEADER_END = 28 + 4;
  private static final int IV_OCTETS = 8;

  /** The two messages of a change, when none goes in fragments. */
  private static final int MESSAGES = 2;

  @BeforeEach
  void onceEach() {
    policy.extraCopies = 0;
  }

  @ParameterizedTest
  @EnumSource(
      value = SignatureKey.class,
      names = {"ML_DSA_44", "ML_DSA_65"})
  void theOthersFollowAnEviction(SignatureKey key) throws Exception {
    policy.signatureKey = key;
    AgentMember sender = started("m1.fleet.example", custody("m1"), true);
    AgentMember stays = started("m2.fleet.example", custody("m2"), false);
    AgentMember out = started("m3.fleet.example", custody("m3"), false);
    world().runSeconds(3);
    assertTrue(hears(sender, "before", out));
    stays.rekeys.clear();
    evict(out);
    assertEquals("excluded", out.state());
    assertTrue(stays.rekeys.size() > MESSAGES, stays.rekeys.size() + " datagrams");
    stays.rekeys.forEach(datagram -> assertTrue(datagram.size() <= 1280));
    assertTrue(hears(sender, "after", stays));
    assertFalse(out.delivered.contains("after"));
    assertEquals(0, registrations());
  }

  /** Neither side keeps the private key; both come back to the same pair. */
  @Test
  void restartsOfServerAndMemberKeepTheKey() throws Exception {
    policy.signatureKey = SignatureKey.ML_DSA_44;
    AgentMember sender = started("m1.fleet.example", custody("m1"), true);
    AgentMember member = started("m2.fleet.example", custody("m2"), false);
    AgentMember out = started("m3.fleet.example", custody("m3"), false);
    world().runSeconds(3);
    world().stopServer();
    reopenCustody();
    world().startServer();
    member.kill();
    member.start();
    assertEquals("member", member.state());
    Optional<Bytes> before = rekeySpi(member);
    evict(out);
    assertNotEquals(before, rekeySpi(member));
    assertEquals(rekeySpi(sender), rekeySpi(member));
    assertTrue(hears(sender, "after the restart", member));
    assertEquals(0, registrations());
  }

  @Test
  void anotherSignatureKeyLetsTheMembersStartOver() throws Exception {
    started("m1.fleet.example", custody("m1"), false);
    assertEquals(1, world().store().memberCount("fleet"));
    world().stopServer();
    policy.signatureKey = SignatureKey.ML_DSA_65;
    World changed = worldOf(2).startServer();
    assertEquals(0, changed.store().memberCount("fleet"));
  }

  /** Sealed with the group's keys, as a member could: only the signature tells. */
  @Test
  void flippedBitOfTheSignatureIsRefused() throws Exception {
    policy.signatureKey = SignatureKey.ML_DSA_44;
    worldOf(1).limits(PostQuantumRekeyTest::unfragmented).startServer();
    AgentMember hearing = started("m1.fleet.example", custody("m1"), false);
    AgentMember member = started("m2.fleet.example", custody("m2"), false);
    AgentMember out = started("m3.fleet.example", custody("m3"), false);
    world().runSeconds(3);
    hearing.rekeys.clear();
    member.deaf = true;
    RekeySuite suite = new RekeySuite(cipher(), KeyWrap.KW_5649_256);
    Bytes forged;
    Bytes genuine;
    try (RekeySaKeys keys = currentKeys(suite)) {
      evict(out);
      assertEquals(MESSAGES, hearing.rekeys.size());
      genuine = hearing.rekeys.get(0);
      forged = lastBitFlipped(genuine, suite.cipher(), keys);
    }
    Optional<Bytes> before = rekeySpi(member);
    member.agent().onRekeyDatagram(forged);
    assertEquals(before, rekeySpi(member));
    member.agent().onRekeyDatagram(genuine);
    assertEquals(rekeySpi(hearing), rekeySpi(member));
  }

  private void evict(AgentMember member) throws Exception {
    assertTrue(world().server().group("fleet").orElseThrow().evict(member.name, false));
    world().runSeconds(3);
  }

  private static Optional<Bytes> rekeySpi(AgentMember member) {
    return member.agent().status().membership().rekeySpi();
  }

  private static ResponderLimits unfragmented(ResponderLimits limits) {
    return new ResponderLimits(
        limits.halfOpenThreshold(),
        limits.halfOpenLimit(),
        limits.saLimit(),
        limits.lingerNanos(),
        65_000);
  }

  private SkCipher cipher() {
    return SkCipher.of(
            policy.suite.encryptionId(), policy.suite.keyBits(), policy.suite.integrityId())
        .orElseThrow();
  }

  private RekeySaKeys currentKeys(RekeySuite suite) throws Exception {
    GroupSnapshot stored = world().store().group("fleet").orElseThrow();
    RekeySaRow sa = stored.rekeySa().orElseThrow();
    Bytes keymat =
        new InsecureGroupKeys(world().server().parts().custody(), "fleet", stored)
            .rekeySa(sa.serial(), suite.keymatOctets());
    try (SecretBytes secret = SecretBytes.takeFrom(keymat.toArray())) {
      return RekeySaKeys.split(secret, suite);
    }
  }

  /** AUTH is the last payload, and the signature the end of it. */
  private static Bytes lastBitFlipped(Bytes datagram, SkCipher cipher, RekeySaKeys keys)
      throws Exception {
    Bytes clear = datagram.slice(0, SK_HEADER_END);
    Bytes sealed = datagram.slice(SK_HEADER_END, datagram.size());
    byte[] plaintext = cipher.open(keys.encryption(), keys.integrity(), clear, sealed);
    plaintext[plaintext.length - 2] ^= 1; // the last octet is the pad length, 0 with GCM
    Bytes iv = sealed.slice(0, IV_OCTETS);
    return Bytes.concat(
        clear, cipher.seal(keys.encryption(), keys.integrity(), iv, clear, plaintext));
  }
}
