package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

class SuiteSmokeTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void bothSidesAgree() throws Exception {
    for (KeyExchangeMethod method : KeyExchangeMethod.values()) {
      try (KeyShare a = method.generate(random);
          KeyShare b = method.generate(random);
          SecretBytes ab = a.agree(b.publicValue());
          SecretBytes ba = b.agree(a.publicValue())) {
        assertEquals(method.publicOctets(), a.publicValue().size());
        assertTrue(ba.use(ab::matches), method.name());
      }
    }
  }

  @Test
  void signaturesVerifyAndFlippedOnesDoNot() throws Exception {
    Bytes message = Bytes.ofUtf8("message");
    for (SignatureScheme scheme :
        new SignatureScheme[] {
          SignatureScheme.ED25519,
          SignatureScheme.ECDSA_P256_SHA256,
          SignatureScheme.ECDSA_P384_SHA384
        }) {
      SoftSigner signer = SoftSigner.generate(scheme, random);
      Bytes signature = signer.sign(message);
      scheme.verify(signer.subjectPublicKeyInfo(), message, signature);
      byte[] flipped = signature.toArray();
      flipped[flipped.length - 1] ^= 1;
      assertThrows(
          NotAuthenticException.class,
          () -> scheme.verify(signer.subjectPublicKeyInfo(), message, Bytes.copyOf(flipped)));
    }
  }

  /** RFC 5649 section 6. */
  @Test
  void wrapsAsTheRfcDoes() throws Exception {
    try (SecretBytes kek = secret("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
        SecretBytes twenty = secret("c37b7e6492584340bed12207808941155068f738");
        SecretBytes seven = secret("466f7250617369")) {
      Bytes wrapped = KeyWrap.KW_5649_192.wrap(kek, twenty);
      assertEquals(
          "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a", wrapped.hex());
      assertEquals("afbeb0f07dfbf5419200f2ccb50bb24f", KeyWrap.KW_5649_192.wrap(kek, seven).hex());
      try (SecretBytes back = KeyWrap.KW_5649_192.unwrap(kek, wrapped)) {
        assertTrue(twenty.use(back::matches));
      }
    }
  }

  @Test
  void everyCipherOpensWhatItSealed() throws Exception {
    int[][] suites = {{20, 128, 0}, {20, 256, 0}, {28, 0, 0}, {12, 128, 12}, {12, 256, 14}};
    for (int[] suite : suites) {
      SkCipher cipher = SkCipher.of(suite[0], suite[1], suite[2]).orElseThrow();
      try (SecretBytes enc = SecretBytes.random(random, cipher.encryptionKeyOctets());
          SecretBytes integ = SecretBytes.random(random, cipher.integrityKeyOctets())) {
        Bytes aad = Bytes.ofUtf8("header");
        byte[] plain = new byte[cipher.blockOctets() * 3];
        byte[] iv = new byte[cipher.ivOctets()];
        random.nextBytes(iv);
        Bytes sealed = cipher.seal(enc, integ, Bytes.copyOf(iv), aad, plain);
        assertEquals(cipher.ivOctets() + plain.length + cipher.icvOctets(), sealed.size());
        assertArrayEquals(plain, cipher.open(enc, integ, aad, sealed));
        for (int bit = 0; bit < sealed.size() * 8; bit++) {
          byte[] flipped = sealed.toArray();
          flipped[bit / 8] ^= (byte) (1 << bit % 8);
          assertThrows(
              NotAuthenticException.class,
              () -> cipher.open(enc, integ, aad, Bytes.copyOf(flipped)));
        }
      }
    }
  }

  private static SecretBytes secret(String hex) {
    return SecretBytes.takeFrom(Bytes.fromHex(hex).toArray());
  }
}
