package org.keyfleet.protocol.gikev2;

import java.util.List;
import java.util.OptionalLong;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IvSource;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.SkSealer;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;

/** Both ends of SA1, and a way around the sealer's checks. */
final class RekeySaUnderTest {
  final RekeySuite suite;
  final RekeySaKeys keys;
  final SoftSigner signer;
  final RekeySealer gcks;

  RekeySaUnderTest(CipherSuite cipher, SignatureScheme scheme) {
    suite = TestGroup.suite(cipher);
    keys = TestGroup.keys(suite);
    signer = SoftSigner.generate(scheme, TestGroup.RANDOM);
    gcks = new RekeySealer(TestGroup.SA1, suite, keys, 0, TestGroup.RANDOM);
  }

  static RekeySaUnderTest ed25519() {
    return new RekeySaUnderTest(TestGroup.GCM, SignatureScheme.ED25519);
  }

  RekeyVerifier verifier() {
    return verifier(signer);
  }

  static RekeyVerifier verifier(SoftSigner signer) {
    return new RekeyVerifier.BySignature(signer.scheme(), signer.subjectPublicKeyInfo());
  }

  RekeyOpener member() {
    return member(verifier());
  }

  RekeyOpener member(RekeyVerifier verifier) {
    RekeySaPolicy policy =
        TestGroup.rekeySa(TestGroup.SA1, TestGroup.GCM, SaAttributes.lifetime(60));
    MessageIdGuard guard = MessageIdGuard.starting(policy, OptionalLong.empty());
    return new RekeyOpener(TestGroup.SA1, suite, keys, verifier, guard);
  }

  Bytes sealOne(RekeyContent content) throws SigningException, NotAllowedHereException {
    return gcks.sealSigned(content, signer, RekeySealer.UNFRAGMENTED).get(0);
  }

  /** Seals what a conforming GCKS never would, as a member who knows the keys could. */
  Bytes sealRaw(long messageId, List<Payload> payloads) {
    IkeHeader header = header(messageId, false);
    return new SkSealer(
            suite.cipher(), keys.encryption().copy(), keys.integrity().copy(), IvSource.counter())
        .sealWhole(header, payloads);
  }

  static IkeHeader header(long messageId, boolean response) {
    return new IkeHeader(
        TestGroup.SA1.initiatorSpi(),
        TestGroup.SA1.responderSpi(),
        ExchangeType.GSA_REKEY,
        false,
        response,
        messageId);
  }

  /** Opens a datagram and expects that it is new. */
  static AuthenticRekey fresh(RekeyOpener member, Bytes datagram)
      throws NotAuthenticException, MalformedMessageException, NotAllowedHereException {
    RekeyOpening opening = member.open(datagram, 0);
    if (opening instanceof RekeyOpening.Fresh fresh) {
      return fresh.rekey();
    }
    throw new AssertionError(opening.toString());
  }
}
