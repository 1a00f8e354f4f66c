package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.ike.Proposal;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.ike.TransformType;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;

/** SAg (RFC 9838 section 2.3.3). */
class SupportedTransformsTest {
  private static final Transform GCM_256 = Transform.encryption(20, 256);
  private static final Transform GCM_128 = Transform.encryption(20, 128);
  private static final Transform CHACHA = Transform.of(TransformType.ENCR, 28);
  private static final Transform KW_256 = Transform.of(TransformType.KWA, 3);
  private static final Transform SIGNED = Transform.of(TransformType.GCAUTH, 2);
  private static final Transform UNSPECIFIED = Transform.of(TransformType.SN, 2);

  private static GroupPolicy policy(CipherSuite rekey, CipherSuite esp) {
    return new GroupPolicy(
        Optional.of(
            TestGroup.authenticated(
                TestGroup.rekeySa(TestGroup.SA1, rekey, SaAttributes.lifetime(60)),
                TestGroup.signature(SignatureScheme.ED25519))),
        List.of(TestGroup.esp(TestGroup.ESP1, esp)),
        Optional.empty());
  }

  private static final GroupPolicy GCM_GCM = policy(TestGroup.GCM, TestGroup.GCM);
  private static final CipherSuite CHACHA_SUITE = CipherSuite.aead(28, 0);

  @Test
  void memberThatCanDoAll() {
    SupportedTransforms sag =
        SupportedTransforms.of(
            List.of(GCM_128, GCM_256, KW_256, SIGNED), List.of(GCM_256, UNSPECIFIED));
    assertTrue(sag.allow(GCM_GCM));
    assertTrue(sag.namesKeyWrap());
    assertEquals(sag, SupportedTransforms.of(sag.toPayload()));
    assertEquals(33, sag.toPayload().typeCode());
  }

  @Test
  void oneTransformMissing() {
    List<Transform> esp = List.of(GCM_256, UNSPECIFIED);
    assertFalse(SupportedTransforms.of(List.of(GCM_128, KW_256, SIGNED), esp).allow(GCM_GCM));
    assertFalse(SupportedTransforms.of(List.of(GCM_256, SIGNED), esp).allow(GCM_GCM));
    assertFalse(SupportedTransforms.of(List.of(GCM_256, KW_256), esp).allow(GCM_GCM));
    assertFalse(
        SupportedTransforms.of(List.of(GCM_256, KW_256, SIGNED), List.of(GCM_256)).allow(GCM_GCM));
    assertFalse(SupportedTransforms.of(List.of(GCM_256, SIGNED), esp).namesKeyWrap());
  }

  /** "The GCKS MUST NOT use SPI length and SPI fields in the SAg payload." */
  @Test
  void spiOfAProposalSaysNothing() {
    Bytes spi = Bytes.fromHex("00112233445566778899aabbccddeeff");
    List<Transform> rekey = List.of(GCM_256, KW_256, SIGNED);
    SupportedTransforms sag =
        new SupportedTransforms(
            List.of(
                new Proposal(1, ProtocolId.GIKE_UPDATE.code(), spi, rekey),
                new Proposal(
                    1, ProtocolId.ESP.code(), spi.slice(0, 4), List.of(GCM_256, UNSPECIFIED))));
    assertTrue(sag.allow(GCM_GCM));
    assertFalse(sag.allow(policy(CHACHA_SUITE, CHACHA_SUITE)));
  }

  /** AES in both SAs or ChaCha20 in both, never mixed. */
  @Test
  void proposalsOfOneNumberAreASet() {
    SupportedTransforms sag =
        new SupportedTransforms(
            List.of(
                Proposal.of(1, ProtocolId.GIKE_UPDATE, List.of(GCM_256, KW_256, SIGNED)),
                Proposal.of(1, ProtocolId.ESP, List.of(GCM_256, UNSPECIFIED)),
                Proposal.of(2, ProtocolId.GIKE_UPDATE, List.of(CHACHA, KW_256, SIGNED)),
                Proposal.of(2, ProtocolId.ESP, List.of(CHACHA, UNSPECIFIED))));
    assertTrue(sag.allow(GCM_GCM));
    assertTrue(sag.allow(policy(CHACHA_SUITE, CHACHA_SUITE)));
    assertFalse(sag.allow(policy(CHACHA_SUITE, TestGroup.GCM)));
    assertFalse(sag.allow(policy(TestGroup.GCM, CHACHA_SUITE)));
  }

  @Test
  void twoProposalsOfOneNumberAndProtocolAreAlternatives() {
    SupportedTransforms sag =
        new SupportedTransforms(
            List.of(
                Proposal.of(1, ProtocolId.GIKE_UPDATE, List.of(GCM_256, KW_256, SIGNED)),
                Proposal.of(1, ProtocolId.ESP, List.of(CHACHA, UNSPECIFIED)),
                Proposal.of(1, ProtocolId.ESP, List.of(GCM_256, UNSPECIFIED))));
    assertTrue(sag.allow(GCM_GCM));
    assertTrue(sag.allow(policy(TestGroup.GCM, CHACHA_SUITE)));
  }
}
