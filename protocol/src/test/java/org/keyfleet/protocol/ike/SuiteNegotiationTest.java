package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.testkit.CommentedHex;

class SuiteNegotiationTest {
  private static final int X25519 = 31;
  private static final int P256 = 19;
  private static final SuiteNegotiation GROUP = new SuiteNegotiation(SuitePolicy.STANDARD);
  private static final SuiteNegotiation PLAIN =
      new SuiteNegotiation(SuitePolicy.STANDARD.withoutKeyWrap());

  private static final Transform GCM_128 = Transform.encryption(20, 128);
  private static final Transform GCM_256 = Transform.encryption(20, 256);
  private static final Transform CBC_256 = Transform.encryption(12, 256);
  private static final Transform INTEG_NONE = Transform.of(TransformType.INTEG, 0);
  private static final Transform INTEG_SHA256 = Transform.of(TransformType.INTEG, 12);
  private static final Transform PRF_256 = Transform.of(TransformType.PRF, 5);
  private static final Transform KE_X25519 = Transform.of(TransformType.KE, X25519);
  private static final Transform KE_P256 = Transform.of(TransformType.KE, P256);
  private static final Transform KW_128 = Transform.of(TransformType.KWA, 1);

  private static SaPayload sa(Transform... transforms) {
    return new SaPayload(List.of(Proposal.of(1, ProtocolId.IKE, List.of(transforms))));
  }

  private static SuiteChoice.Chosen chosen(SuiteChoice choice) {
    return assertInstanceOf(SuiteChoice.Chosen.class, choice);
  }

  @Test
  void bothEndsAgreeOnTheBest() {
    SaPayload offer = GROUP.offer();
    SuiteChoice.Chosen choice = chosen(GROUP.choose(offer, X25519));
    IkeSuite best =
        new IkeSuite(
            IkeSuite.Encryption.AES_GCM_128,
            Prf.HMAC_SHA2_256,
            KeyExchangeMethod.CURVE25519,
            Optional.of(KeyWrap.KW_5649_128));
    assertEquals(best, choice.suite());
    assertEquals(sa(GCM_128, PRF_256, KE_X25519, KW_128), choice.answer());
    assertEquals(Optional.of(best), GROUP.accept(offer, choice.answer()));
  }

  @Test
  void aeadAndOthersAreOfferedApart() {
    List<Proposal> proposals = GROUP.offer().proposals();
    assertEquals(2, proposals.size());
    assertTrue(proposals.get(0).ofType(TransformType.INTEG).isEmpty());
    assertFalse(proposals.get(1).ofType(TransformType.INTEG).isEmpty());
    assertEquals(1, proposals.get(0).number());
    assertEquals(2, proposals.get(1).number());
    for (Proposal proposal : proposals) {
      assertFalse(proposal.ofType(TransformType.KWA).isEmpty());
    }
    for (Proposal proposal : PLAIN.offer().proposals()) {
      assertTrue(proposal.ofType(TransformType.KWA).isEmpty());
    }
  }

  @Test
  void everyPairOfPoliciesAgreesOrBothSeeThatTheyCannot() {
    for (IkeSuite.Encryption encryption : SuitePolicy.STANDARD.encryptions()) {
      for (Prf prf : Prf.values()) {
        for (KeyExchangeMethod method : KeyExchangeMethod.values()) {
          for (KeyWrap keyWrap : KeyWrap.values()) {
            SuiteNegotiation narrow =
                new SuiteNegotiation(
                    new SuitePolicy(
                        List.of(encryption),
                        List.of(prf),
                        List.of(method),
                        List.of(keyWrap),
                        true));
            IkeSuite only = new IkeSuite(encryption, prf, method, Optional.of(keyWrap));
            SaPayload offer = narrow.offer();
            SuiteChoice.Chosen choice = chosen(GROUP.choose(offer, method.transformId()));
            assertEquals(only, choice.suite());
            assertEquals(Optional.of(only), narrow.accept(offer, choice.answer()));
            SaPayload all = GROUP.offer();
            SuiteChoice.Chosen reverse = chosen(narrow.choose(all, method.transformId()));
            assertEquals(Optional.of(only), GROUP.accept(all, reverse.answer()));
          }
        }
      }
    }
  }

  @Test
  void keyExchangeAlreadySentIsTaken() {
    assertEquals(
        KeyExchangeMethod.ECP_256, chosen(GROUP.choose(GROUP.offer(), P256)).suite().keyExchange());
  }

  @Test
  void anotherKeyExchangeIsAskedFor() throws MalformedMessageException {
    SaPayload offer = sa(GCM_128, PRF_256, KE_P256, KW_128);
    SuiteChoice.OtherKeyExchange other =
        assertInstanceOf(SuiteChoice.OtherKeyExchange.class, GROUP.choose(offer, 14));
    NotifyPayload notify = SuiteNegotiation.invalidKe(other.wanted());
    assertEquals("0013", notify.data().hex());
    assertEquals(Optional.of(KeyExchangeMethod.ECP_256), GROUP.wantedKeyExchange(notify));
  }

  @Test
  void aMethodOutsideOurPolicyIsNotFollowed() throws MalformedMessageException {
    NotifyPayload modp = NotifyPayload.of(NotifyType.INVALID_KE_PAYLOAD, Bytes.of(0, 14));
    assertTrue(GROUP.wantedKeyExchange(modp).isEmpty());
    for (Bytes bad : List.of(Bytes.EMPTY, Bytes.of(0), Bytes.of(0, 31, 0))) {
      NotifyPayload notify = NotifyPayload.of(NotifyType.INVALID_KE_PAYLOAD, bad);
      assertThrows(MalformedMessageException.class, () -> GROUP.wantedKeyExchange(notify));
    }
  }

  /** RFC 5282 section 8: INTEG of an AEAD proposal is absent, or NONE and then answered. */
  @Test
  void integrityNoneIsAnsweredWhenItIsNamed() {
    SaPayload offer = sa(GCM_128, INTEG_NONE, PRF_256, KE_X25519);
    SuiteChoice.Chosen choice = chosen(PLAIN.choose(offer, X25519));
    assertEquals(sa(GCM_128, INTEG_NONE, PRF_256, KE_X25519), choice.answer());
    assertInstanceOf(
        SuiteChoice.None.class,
        PLAIN.choose(sa(GCM_128, INTEG_SHA256, PRF_256, KE_X25519), X25519));
    assertInstanceOf(
        SuiteChoice.None.class, PLAIN.choose(sa(CBC_256, INTEG_NONE, PRF_256, KE_X25519), X25519));
    assertInstanceOf(SuiteChoice.None.class, PLAIN.choose(sa(CBC_256, PRF_256, KE_X25519), X25519));
  }

  @Test
  void ourPreferenceCountsAcrossProposals() {
    SaPayload offer =
        new SaPayload(
            List.of(
                Proposal.of(1, ProtocolId.IKE, List.of(CBC_256, INTEG_SHA256, PRF_256, KE_X25519)),
                Proposal.of(2, ProtocolId.IKE, List.of(GCM_256, PRF_256, KE_X25519)),
                Proposal.of(3, ProtocolId.IKE, List.of(GCM_128, PRF_256, KE_X25519))));
    SuiteChoice.Chosen choice = chosen(PLAIN.choose(offer, X25519));
    assertEquals(3, choice.answer().proposals().get(0).number());
  }

  @Test
  void whatCannotBeAccepted() {
    for (SaPayload offer :
        List.of(
            sa(GCM_128, PRF_256, KE_X25519), // no key wrap: not G-IKEv2
            sa(GCM_128, PRF_256, KE_X25519, Transform.of(TransformType.KWA, 4)), // KW_ARX
            sa(GCM_128, KE_X25519, KW_128), // no PRF
            sa(GCM_128, PRF_256, KW_128), // no key exchange
            sa(PRF_256, KE_X25519, KW_128), // no cipher
            sa(Transform.of(TransformType.ENCR, 20), PRF_256, KE_X25519, KW_128), // no key length
            sa(Transform.encryption(20, 64), PRF_256, KE_X25519, KW_128),
            sa(GCM_128, PRF_256, Transform.of(TransformType.KE, 14), KW_128), // MODP only
            // an unknown type (ADDKE1) makes the proposal unacceptable
            sa(GCM_128, PRF_256, KE_X25519, KW_128, new Transform(6, 35, List.of())),
            sa(GCM_128, PRF_256, KE_X25519, KW_128, Transform.of(TransformType.SN, 0)),
            new SaPayload(
                List.of(
                    Proposal.of(1, ProtocolId.ESP, List.of(GCM_128, PRF_256, KE_X25519, KW_128)))),
            new SaPayload(
                List.of(
                    new Proposal(
                        1, 1, Bytes.of(1), List.of(GCM_128, PRF_256, KE_X25519, KW_128)))))) {
      assertInstanceOf(SuiteChoice.None.class, GROUP.choose(offer, X25519));
    }
  }

  @Test
  void keyWrapOptionalServesBothKindsOfPeers() {
    SuitePolicy standard = SuitePolicy.STANDARD;
    SuiteNegotiation both =
        new SuiteNegotiation(
            new SuitePolicy(
                standard.encryptions(),
                standard.prfs(),
                standard.keyExchanges(),
                standard.keyWraps(),
                false));
    assertTrue(chosen(both.choose(GROUP.offer(), X25519)).suite().keyWrap().isPresent());
    assertTrue(chosen(both.choose(PLAIN.offer(), X25519)).suite().keyWrap().isEmpty());
    SaPayload offer = both.offer();
    assertEquals(4, offer.proposals().size());
    assertTrue(chosen(PLAIN.choose(offer, X25519)).suite().keyWrap().isEmpty());
    assertTrue(chosen(GROUP.choose(offer, X25519)).suite().keyWrap().isPresent());
    // a peer that wants a key wrap we do not have is not served without one
    assertInstanceOf(
        SuiteChoice.None.class,
        both.choose(sa(GCM_128, PRF_256, KE_X25519, Transform.of(TransformType.KWA, 4)), X25519));
  }

  @Test
  void answersThatWereNotOffered() {
    SaPayload offer = GROUP.offer();
    List<SaPayload> bad = new ArrayList<>();
    bad.add(sa(GCM_128, PRF_256, KE_X25519)); // a type is missing
    bad.add(sa(GCM_128, PRF_256, KE_X25519, KE_P256, KW_128)); // two of one type
    bad.add(sa(GCM_128, GCM_256, PRF_256, KE_X25519, KW_128));
    bad.add(sa(GCM_128, INTEG_NONE, PRF_256, KE_X25519, KW_128)); // a type we did not send
    bad.add(sa(CBC_256, PRF_256, KE_X25519, KW_128)); // from the other proposal
    bad.add(sa(Transform.encryption(20, 192), PRF_256, KE_X25519, KW_128));
    List<Transform> right = List.of(GCM_128, PRF_256, KE_X25519, KW_128);
    bad.add(new SaPayload(List.of(Proposal.of(2, ProtocolId.IKE, right)))); // other number
    bad.add(new SaPayload(List.of(Proposal.of(1, ProtocolId.ESP, right))));
    bad.add(new SaPayload(List.of(new Proposal(1, 1, Bytes.of(1), right))));
    Proposal good = Proposal.of(1, ProtocolId.IKE, right);
    bad.add(new SaPayload(List.of(good, good)));
    assertTrue(GROUP.accept(offer, new SaPayload(List.of(good))).isPresent());
    for (SaPayload answer : bad) {
      assertTrue(GROUP.accept(offer, answer).isEmpty(), answer::toString);
    }
  }

  /** The SA payloads of strongSwan 5.9.8 for the three proposals of the interoperability lab. */
  @Test
  void strongSwanProposals() throws MalformedMessageException {
    String gcmX25519 =
        """
        00 00 0024 01 01 00 03
        03 00 000c 01 00 0014 800e 0080
        03 00 0008 02 00 0005
        00 00 0008 04 00 001f
        """;
    assertEquals(
        IkeSuite.Encryption.AES_GCM_128,
        chosen(PLAIN.choose(decode(gcmX25519), X25519)).suite().encryption());
    String cbcModpAndP256 =
        """
        00 00 0034 01 01 00 05
        03 00 000c 01 00 000c 800e 0100
        03 00 0008 03 00 000c
        03 00 0008 02 00 0005
        03 00 0008 04 00 000f
        00 00 0008 04 00 0013
        """;
    assertEquals(
        IkeSuite.Encryption.AES_CBC_256_SHA256,
        chosen(PLAIN.choose(decode(cbcModpAndP256), P256)).suite().encryption());
    assertInstanceOf(SuiteChoice.OtherKeyExchange.class, PLAIN.choose(decode(cbcModpAndP256), 15));
  }

  private static SaPayload decode(String hex) throws MalformedMessageException {
    return SaPayload.decode(CommentedHex.octets(hex).reader());
  }

  @Test
  void policiesWithoutSense() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SuitePolicy(List.of(), List.of(), List.of(), List.of(), false));
    assertThrows(IllegalArgumentException.class, () -> new IkeSuite.Encryption(20, 128, 12));
    assertThrows(IllegalArgumentException.class, () -> new IkeSuite.Encryption(3, 0, 2));
  }
}
