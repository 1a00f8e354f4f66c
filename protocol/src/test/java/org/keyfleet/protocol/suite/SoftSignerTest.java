package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.Pem;
import org.keyfleet.protocol.secret.SecretBytes;

class SoftSignerTest {
  private final SecureRandom random = new SecureRandom();

  /** Keys of the JDK, so another encoder than the one that reads them. */
  @ParameterizedTest
  @CsvSource({
    "Ed25519, 255, ED25519",
    "EC, 256, ECDSA_P256_SHA256",
    "EC, 384, ECDSA_P384_SHA384",
    "RSA, 2048, RSA_PSS_SHA256"
  })
  void readsPkcs8(String algorithm, int bits, SignatureScheme scheme) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (!algorithm.equals("Ed25519")) {
      generator.initialize(bits);
    }
    KeyPair pair = generator.generateKeyPair();
    String pem = Pem.encode("PRIVATE KEY", Bytes.copyOf(pair.getPrivate().getEncoded()));
    try (SecretBytes pkcs8 = Pem.privateKey(pem);
        SoftSigner signer = SoftSigner.ofPkcs8(pkcs8, random)) {
      assertEquals(scheme, signer.scheme());
      assertEquals(Bytes.copyOf(pair.getPublic().getEncoded()), signer.subjectPublicKeyInfo());
      Bytes message = Bytes.ofUtf8("message");
      scheme.verify(signer.subjectPublicKeyInfo(), message, signer.sign(message));
      assertEquals("SoftSigner[" + scheme + "]", signer.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"EC, 521", "RSA, 1024", "DSA, 1024"})
  void otherKeysAreRefused(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    byte[] der = generator.generateKeyPair().getPrivate().getEncoded();
    try (SecretBytes pkcs8 = SecretBytes.takeFrom(der)) {
      assertThrows(MalformedMessageException.class, () -> SoftSigner.ofPkcs8(pkcs8, random));
    }
  }

  /** A key file that is cut or changed may be refused in one way only. */
  @Test
  void brokenFilesAreMalformed() throws Exception {
    byte[] der = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
    for (int size = 0; size < der.length; size++) {
      try (SecretBytes cut = SecretBytes.takeFrom(Arrays.copyOf(der, size))) {
        assertThrows(MalformedMessageException.class, () -> SoftSigner.ofPkcs8(cut, random));
      }
    }
  }

  /** RFC 9881 appendix C: the ends of the public keys of the seed 00 01 02 .. 1f. */
  @ParameterizedTest
  @CsvSource({
    "ML_DSA_44, d7b2b47254aae0db45e7930d4a98d2c97d8f1397d1789dafa17024b316e9bec9,"
        + " 2202766151f16a965f9f81ece76cc070b55869e4db9784cf05c830b3242c8312",
    "ML_DSA_65, 48683d91978e31eb3dddb8b0473482d2b88a5f625949fd8f58a561e696bd4c27,"
        + " ad18bd13fca55059dd9b185f79f9c47196a4e81b2104bc460a051e02f2e8444f"
  })
  void keysOfTheExampleSeed(SignatureScheme scheme, String first, String last) {
    byte[] octets = new byte[32];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) i;
    }
    try (SecretBytes seed = SecretBytes.takeFrom(octets);
        SoftSigner signer = SoftSigner.ofSeed(scheme, seed, random)) {
      Bytes info = signer.subjectPublicKeyInfo();
      int keyAt = 22; // behind the headers of the SubjectPublicKeyInfo
      assertEquals(first, info.slice(keyAt, keyAt + 32).hex());
      assertEquals(last, info.slice(info.size() - 32, info.size()).hex());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ML_DSA_44", "ML_DSA_65"})
  void seedIsTheKey(SignatureScheme scheme) throws Exception {
    try (SecretBytes seed = seed(32, 1);
        SecretBytes other = seed(32, 2);
        SoftSigner first = SoftSigner.ofSeed(scheme, seed, random);
        SoftSigner again = SoftSigner.ofSeed(scheme, seed, random);
        SoftSigner another = SoftSigner.ofSeed(scheme, other, random)) {
      assertEquals(first.subjectPublicKeyInfo(), again.subjectPublicKeyInfo());
      assertNotEquals(first.subjectPublicKeyInfo(), another.subjectPublicKeyInfo());
      Bytes message = Bytes.ofUtf8("message");
      Bytes signature = first.sign(message);
      scheme.verify(again.subjectPublicKeyInfo(), message, signature);
      assertNotEquals(signature, again.sign(message)); // hedged (FIPS 204 section 3.4)
    }
  }

  @Test
  void seedsOfOtherLengthsAndForOtherSchemesAreRefused() {
    try (SecretBytes seed = seed(32, 1);
        SecretBytes cut = seed(31, 1);
        SecretBytes expanded = seed(2560, 1)) { // the length of an ML-DSA-44 private key
      for (SecretBytes wrong : List.of(cut, expanded)) {
        assertThrows(
            IllegalArgumentException.class,
            () -> SoftSigner.ofSeed(SignatureScheme.ML_DSA_44, wrong, random));
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> SoftSigner.ofSeed(SignatureScheme.ED25519, seed, random));
    }
  }

  private static SecretBytes seed(int octets, int value) {
    byte[] seed = new byte[octets];
    Arrays.fill(seed, (byte) value);
    return SecretBytes.takeFrom(seed);
  }

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "ML_DSA_44"})
  void closedSignerDoesNotSign(SignatureScheme scheme) {
    SoftSigner signer = SoftSigner.generate(scheme, random);
    signer.close();
    assertThrows(SigningException.class, () -> signer.sign(Bytes.EMPTY));
  }
}
