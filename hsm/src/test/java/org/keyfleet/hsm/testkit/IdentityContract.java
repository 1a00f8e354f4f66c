package org.keyfleet.hsm.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.TokenSigner;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyShare;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** What every back end does with identities: signatures, agreement, certificates. */
@ExtendWith(CheckMatrix.class)
public abstract class IdentityContract extends CustodyFixture {
  private static final Bytes LABEL = Bytes.ofUtf8("keyfleet test agreement");
  private static final int SPKI_POINT_AT = 26;

  @ParameterizedTest
  @EnumSource
  void signsForOthersToVerify(IdentityAlgorithm algorithm) throws Exception {
    if (!offers(algorithm)) {
      return;
    }
    KeyRef identity = custody.generateIdentity(IDENTITY, algorithm);
    TokenSigner signer = TokenSigner.of(custody, IDENTITY);
    assertEquals(custody.publicKeyInfo(identity), signer.subjectPublicKeyInfo());
    // as many as it takes to meet short r and s
    for (int i = 0; i < 40; i++) {
      Bytes message = Bytes.copyOf(new byte[1 + i * 7]);
      Bytes signature = signer.sign(message);
      signer.scheme().verify(signer.subjectPublicKeyInfo(), message, signature);
      Bytes other = Bytes.concat(message, Bytes.of(0));
      assertThrows(
          NotAuthenticException.class,
          () -> signer.scheme().verify(signer.subjectPublicKeyInfo(), other, signature));
    }
  }

  @ParameterizedTest
  @EnumSource
  void identityOutlivesItsSession(IdentityAlgorithm algorithm) throws Exception {
    if (!offers(algorithm)) {
      return;
    }
    KeyRef identity = custody.generateIdentity(IDENTITY, algorithm);
    Bytes publicKey = custody.publicKeyInfo(identity);
    TokenSigner signer = TokenSigner.of(custody, IDENTITY);
    custody.recover(PIN.toCharArray());
    assertEquals(publicKey, custody.publicKeyInfo(custody.find(IDENTITY).orElseThrow()));
    signer.scheme().verify(publicKey, LABEL, signer.sign(LABEL));
  }

  @Test
  void identitiesDiffer() throws Exception {
    KeyRef one = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    KeyRef two = custody.generateIdentity(KeyName.of("two"), IdentityAlgorithm.P256);
    assertNotEquals(custody.publicKeyInfo(one), custody.publicKeyInfo(two));
  }

  @Test
  void agreesWithAPeer() throws Exception {
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    Bytes spki = custody.publicKeyInfo(identity);
    Bytes ourPoint = spki.slice(SPKI_POINT_AT, spki.size());
    if (!agrees(identity, ourPoint)) {
      return;
    }
    for (int i = 0; i < 20; i++) {
      KeyName child = new KeyName("agreed", Bytes.of(i));
      try (KeyShare peer = KeyExchangeMethod.ECP_256.generate(random)) {
        Bytes peerPoint = Bytes.concat(Bytes.of(4), peer.publicValue());
        KeyRef agreed = custody.agree(identity, peerPoint, LABEL, child);
        assertEquals(KeyRole.KEK_PARENT, agreed.role());
        assertEquals(KeyLifetime.SESSION, agreed.lifetime());
        Bytes wrapped;
        // RFC 5903 section 6: x | y without the 04
        try (SecretBytes shared = peer.agree(ourPoint.slice(1, ourPoint.size()));
            SecretBytes wrapping = KeyDerivation.derive(shared, LABEL)) {
          wrapped = Wrapping.wrap(wrapping.use(Bytes::copyOf), randomKey(32));
        }
        KeyName root = new KeyName("root", Bytes.of(i));
        custody.unwrap(agreed, wrapped, root, KeyRole.KEK_PARENT, KeyLifetime.SESSION);
        custody.destroy(agreed);
      }
    }
    assertEquals(21, custody.inventory().size());
  }

  @Test
  void badPointsAreRefused() throws Exception {
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    Bytes spki = custody.publicKeyInfo(identity);
    Bytes point = spki.slice(SPKI_POINT_AT, spki.size());
    if (!agrees(identity, point)) {
      return;
    }
    byte[] offCurve = point.toArray();
    offCurve[40] ^= 1;
    Bytes[] bad = {
      Bytes.EMPTY,
      Bytes.of(0),
      point.slice(1, 65),
      point.slice(0, 64),
      Bytes.concat(Bytes.of(2), point.slice(1, 33)),
      Bytes.concat(Bytes.of(4), Bytes.copyOf(new byte[64])),
      Bytes.copyOf(offCurve),
    };
    for (Bytes peer : bad) {
      assertFault(CustodyFault.BAD_WRAP, () -> custody.agree(identity, peer, LABEL, NODE));
    }
    assertTrue(custody.alive());
    assertTrue(custody.find(NODE).isEmpty());
  }

  @Test
  void ed25519DoesNotAgree() throws Exception {
    if (!offers(IdentityAlgorithm.ED25519)) {
      return;
    }
    KeyRef p256 = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    Bytes spki = custody.publicKeyInfo(p256);
    Bytes point = spki.slice(SPKI_POINT_AT, spki.size());
    KeyRef ed25519 = custody.generateIdentity(KeyName.of("ed25519"), IdentityAlgorithm.ED25519);
    assertFault(CustodyFault.UNSUPPORTED, () -> custody.agree(ed25519, point, LABEL, NODE));
  }

  @Test
  void certificateStaysWithItsIdentity() throws Exception {
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    assertEquals(Optional.empty(), custody.certificate(identity));
    custody.storeCertificate(identity, Certificates.ONE);
    assertEquals(Optional.of(Certificates.ONE), custody.certificate(identity));
    custody.storeCertificate(identity, Certificates.TWO);
    custody.close();
    custody.open(PIN.toCharArray());
    KeyRef found = custody.find(IDENTITY).orElseThrow();
    assertEquals(Optional.of(Certificates.TWO), custody.certificate(found));

    custody.destroy(found);
    KeyRef next = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    assertEquals(Optional.empty(), custody.certificate(next));
  }

  @Test
  void missingIdentityIsNamed() {
    assertFault(CustodyFault.NO_KEY, () -> TokenSigner.of(custody, IDENTITY));
  }

  private boolean offers(IdentityAlgorithm algorithm) {
    return offered(
        custody.capabilities().identities().contains(algorithm),
        () -> custody.generateIdentity(IDENTITY, algorithm));
  }

  private boolean agrees(KeyRef identity, Bytes point) {
    return offered(
        custody.capabilities().agrees(), () -> custody.agree(identity, point, LABEL, NODE));
  }
}
