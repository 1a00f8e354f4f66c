package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
      try (SecretBytes cut = SecretBytes.takeFrom(java.util.Arrays.copyOf(der, size))) {
        assertThrows(MalformedMessageException.class, () -> SoftSigner.ofPkcs8(cut, random));
      }
    }
  }

  @Test
  void closedSignerDoesNotSign() {
    SoftSigner signer = SoftSigner.generate(SignatureScheme.ED25519, random);
    signer.close();
    assertThrows(SigningException.class, () -> signer.sign(Bytes.EMPTY));
  }
}
