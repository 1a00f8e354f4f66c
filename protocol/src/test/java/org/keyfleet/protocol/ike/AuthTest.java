package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;
import org.keyfleet.testkit.Mutations;

/** AUTH payloads: what is signed, by a pre-shared key and by signatures. */
class AuthTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes MESSAGE = Bytes.ofUtf8("the first message");
  private static final Bytes NONCE = Bytes.fromHex("77".repeat(32));
  private static final IdPayload ID_I =
      IdPayload.of(IdPayload.Kind.INITIATOR, IdType.ID_FQDN, Bytes.ofUtf8("m1.lab"));
  private static final IdPayload ID_R =
      IdPayload.of(IdPayload.Kind.RESPONDER, IdType.ID_FQDN, Bytes.ofUtf8("gcks.lab"));

  @Test
  void signedOctetsEndWithTheMacOfTheIdentity() {
    try (IkeSaKeys keys = TestKeys.of(IkeSuite.Encryption.AES_GCM_128.cipher());
        SecretBytes maci = Prf.HMAC_SHA2_256.mac(keys.pi(), Bytes.fromHex("020000006d312e6c6162"));
        SecretBytes macr =
            Prf.HMAC_SHA2_256.mac(keys.pr(), Bytes.fromHex("0200000067636b732e6c6162"))) {
      assertEquals(
          Bytes.concat(MESSAGE, NONCE, maci.use(Bytes::copyOf)),
          AuthOctets.initiator(MESSAGE, NONCE, ID_I, keys));
      assertEquals(
          Bytes.concat(MESSAGE, NONCE, macr.use(Bytes::copyOf)),
          AuthOctets.responder(MESSAGE, NONCE, ID_R, keys));
    }
  }

  /** RFC 7296 section 2.15: prf(prf(secret, "Key Pad for IKEv2"), octets), the pad in ASCII. */
  @Test
  void pskIsAMacUnderThePaddedSecret() {
    try (SecretBytes secret = psk("Jefe");
        SecretBytes padded =
            Prf.HMAC_SHA2_256.mac(secret, Bytes.fromHex("4b65792050616420666f7220494b457632"));
        SecretBytes mac = Prf.HMAC_SHA2_256.mac(padded, MESSAGE)) {
      AuthPayload auth = PskAuth.sign(Prf.HMAC_SHA2_256, secret, MESSAGE);
      assertEquals(AuthPayload.SHARED_KEY, auth.method());
      assertEquals(mac.use(Bytes::copyOf), auth.data());
    }
  }

  @ParameterizedTest
  @EnumSource(Prf.class)
  void pskVerifies(Prf prf) throws NotAuthenticException {
    try (SecretBytes secret = psk("correct horse");
        SecretBytes wrong = psk("battery staple")) {
      AuthPayload auth = PskAuth.sign(prf, secret, MESSAGE);
      PskAuth.verify(auth, prf, secret, MESSAGE);
      assertRefused(() -> PskAuth.verify(auth, prf, wrong, MESSAGE));
      assertRefused(() -> PskAuth.verify(auth, prf, secret, NONCE));
      AuthPayload method = new AuthPayload(AuthPayload.DIGITAL_SIGNATURE, auth.data());
      assertRefused(() -> PskAuth.verify(method, prf, secret, MESSAGE));
      Mutations.bitFlips(auth.data())
          .map(data -> new AuthPayload(AuthPayload.SHARED_KEY, data))
          .forEach(bad -> assertRefused(() -> PskAuth.verify(bad, prf, secret, MESSAGE)));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SignatureScheme.class,
      names = {"ED25519", "ECDSA_P256_SHA256", "ECDSA_P384_SHA384"})
  void signatureVerifies(SignatureScheme scheme) throws Exception {
    SoftSigner signer = SoftSigner.generate(scheme, RANDOM);
    Bytes spki = signer.subjectPublicKeyInfo();
    AuthPayload auth = SignatureAuth.sign(signer, MESSAGE);
    assertEquals(AuthPayload.DIGITAL_SIGNATURE, auth.method());
    assertEquals(scheme, SignatureAuth.verify(auth, spki, MESSAGE));
    assertEquals(scheme.algorithmIdentifier(), SignatureAuth.decode(auth).algorithmIdentifier());
    assertEquals(auth, SignatureAuth.decode(auth).toPayload());
    assertRefused(() -> SignatureAuth.verify(auth, spki, NONCE));
    Bytes other = SoftSigner.generate(scheme, RANDOM).subjectPublicKeyInfo();
    assertRefused(() -> SignatureAuth.verify(auth, other, MESSAGE));
    AuthPayload method = new AuthPayload(AuthPayload.SHARED_KEY, auth.data());
    assertRefused(() -> SignatureAuth.verify(method, spki, MESSAGE));
  }

  /** A certificate over such a key, which newer JDKs read, opens no door. */
  @ParameterizedTest
  @EnumSource(
      value = SignatureScheme.class,
      names = {"ML_DSA_44", "ML_DSA_65"})
  void mlDsaProvesNoIdentity(SignatureScheme scheme) throws Exception {
    SoftSigner signer = SoftSigner.generate(scheme, RANDOM);
    Bytes spki = signer.subjectPublicKeyInfo();
    Bytes signature = signer.sign(MESSAGE);
    scheme.verify(spki, MESSAGE, signature);
    AuthPayload auth = SignatureAuth.of(scheme, signature);
    assertRefused(() -> SignatureAuth.verify(auth, spki, MESSAGE));
    assertThrows(IllegalArgumentException.class, () -> SignatureAuth.sign(signer, MESSAGE));
  }

  @Test
  void everyFlippedBitOfASignaturePayload() throws SigningException {
    SoftSigner signer = SoftSigner.generate(SignatureScheme.ED25519, RANDOM);
    AuthPayload auth = SignatureAuth.sign(signer, MESSAGE);
    Mutations.bitFlips(auth.data())
        .map(data -> new AuthPayload(AuthPayload.DIGITAL_SIGNATURE, data))
        .forEach(
            bad ->
                assertRefused(
                    () -> SignatureAuth.verify(bad, signer.subjectPublicKeyInfo(), MESSAGE)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "00ff", "05300506", "ff3005"})
  void signatureDataWithoutAlgorithm(String hex) {
    AuthPayload auth = new AuthPayload(AuthPayload.DIGITAL_SIGNATURE, Bytes.fromHex(hex));
    assertThrows(MalformedMessageException.class, () -> SignatureAuth.decode(auth));
    assertRefused(() -> SignatureAuth.verify(auth, Bytes.EMPTY, MESSAGE));
  }

  @Test
  void hashAlgorithmsAreSixteenBitsEach() throws MalformedMessageException {
    NotifyPayload notify = SignatureHashes.ours().toNotify();
    assertEquals("0002000300040005", notify.data().hex());
    SignatureHashes read = SignatureHashes.find(new PayloadList(List.of(notify))).orElseThrow();
    assertEquals(SignatureHashes.ours(), read);
    assertTrue(read.allows(SignatureScheme.ED25519));
    SignatureHashes sha256 = new SignatureHashes(List.of(2));
    assertTrue(sha256.allows(SignatureScheme.RSA_PSS_SHA256));
    assertFalse(sha256.allows(SignatureScheme.ED25519));
    assertTrue(SignatureHashes.find(new PayloadList(List.of())).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "000200"})
  void hashAlgorithmsCut(String hex) {
    assertHashesRefused(hex);
  }

  @Test
  void hashAlgorithmsTooMany() {
    assertHashesRefused("0002".repeat(33));
  }

  private static void assertHashesRefused(String hex) {
    NotifyPayload notify =
        NotifyPayload.of(NotifyType.SIGNATURE_HASH_ALGORITHMS, Bytes.fromHex(hex));
    assertThrows(MalformedMessageException.class, () -> SignatureHashes.decode(notify));
  }

  private static void assertRefused(org.junit.jupiter.api.function.Executable verification) {
    NotAuthenticException refused = assertThrows(NotAuthenticException.class, verification);
    assertEquals(new NotAuthenticException().getMessage(), refused.getMessage());
  }

  private static SecretBytes psk(String text) {
    return SecretBytes.takeFrom(Bytes.ofUtf8(text).toArray());
  }
}
