package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.testkit.Wycheproof;
import org.keyfleet.testkit.Wycheproof.Vector;

/**
 * Project Wycheproof through our own interface. What our interface cannot be given (another nonce
 * length, another encoding of a point) is skipped, and how many were run is pinned.
 */
class WycheproofTest {
  private static final int NONCE_OCTETS = 12;
  private static final int SALT_OCTETS = 4;
  private static final int TAG_OCTETS = 16;

  @ParameterizedTest
  @CsvSource({
    "aes_gcm_test.json,           20, true,  197",
    "chacha20_poly1305_test.json, 28, false, 316"
  })
  void aead(String file, int encrId, boolean keyLengthAttribute, int expectedRuns)
      throws Exception {
    int run = 0;
    List<Vector> vectors = Wycheproof.vectors(file);
    for (Vector vector : vectors) {
      Bytes nonce = vector.octets("iv");
      if (nonce.size() != NONCE_OCTETS || vector.octets("tag").size() != TAG_OCTETS) {
        continue;
      }
      Bytes key = vector.octets("key");
      SkCipher cipher =
          SkCipher.of(encrId, keyLengthAttribute ? key.size() * 8 : 0, 0).orElseThrow();
      try (SecretBytes none = secret(Bytes.EMPTY);
          SecretBytes keyed = secret(Bytes.concat(key, nonce.slice(0, SALT_OCTETS)))) {
        checkAead(vector, cipher, keyed, none, nonce.slice(SALT_OCTETS, NONCE_OCTETS));
      }
      run++;
    }
    assertRuns(vectors, expectedRuns, run);
  }

  private static void checkAead(
      Vector vector, SkCipher cipher, SecretBytes key, SecretBytes none, Bytes iv)
      throws Exception {
    Bytes aad = vector.octets("aad");
    Bytes sealed = Bytes.concat(iv, vector.octets("ct"), vector.octets("tag"));
    byte[] message = vector.octets("msg").toArray();
    if (vector.valid()) {
      assertEquals(sealed, cipher.seal(key, none, iv, aad, message), vector::toString);
      Bytes opened = Bytes.copyOf(cipher.open(key, none, aad, sealed));
      assertEquals(vector.octets("msg"), opened, vector::toString);
    } else {
      assertThrows(
          NotAuthenticException.class, () -> cipher.open(key, none, aad, sealed), vector::toString);
    }
  }

  @Test
  void keyWrap() throws Exception {
    int run = 0;
    int tooLong = 0;
    List<Vector> vectors = Wycheproof.vectors("aes_kwp_test.json");
    for (Vector vector : vectors) {
      KeyWrap wrap = keyWrapOf(vector.octets("key").size());
      Bytes message = vector.octets("msg");
      Bytes wrapped = vector.octets("ct");
      try (SecretBytes kek = secret(vector.octets("key"))) {
        if (message.size() > KeyWrap.MAX_KEY_OCTETS) {
          // our limit, not the algorithm's: its round counter cannot reach 256 below it
          assertThrows(
              NotAuthenticException.class, () -> wrap.unwrap(kek, wrapped), vector::toString);
          tooLong++;
          continue;
        }
        if (vector.valid()) {
          try (SecretBytes key = secret(message);
              SecretBytes unwrapped = wrap.unwrap(kek, wrapped)) {
            assertEquals(wrapped, wrap.wrap(kek, key), vector::toString);
            assertTrue(unwrapped.matches(message.toArray()), vector::toString);
          }
        } else {
          assertThrows(
              NotAuthenticException.class, () -> wrap.unwrap(kek, wrapped), vector::toString);
        }
      }
      run++;
    }
    assertRuns(vectors, 251, run);
    assertRuns(vectors, 3, tooLong);
  }

  @ParameterizedTest
  @CsvSource({"hmac_sha256_test.json, HMAC_SHA2_256", "hmac_sha384_test.json, HMAC_SHA2_384"})
  void hmac(String file, Prf prf) {
    List<Vector> vectors = Wycheproof.vectors(file);
    int run = 0;
    for (Vector vector : vectors) {
      byte[] tag = vector.octets("tag").toArray();
      try (SecretBytes key = secret(vector.octets("key"));
          SecretBytes mac = prf.mac(key, vector.octets("msg"));
          SecretBytes cut = mac.slice(0, tag.length)) {
        assertEquals(vector.valid(), cut.matches(tag), vector::toString);
      }
      run++;
    }
    assertRuns(vectors, 174, run);
  }

  @Test
  void x25519() throws Exception {
    int run = 0;
    int refused = 0;
    List<Vector> vectors = Wycheproof.vectors("x25519_test.json");
    for (Vector vector : vectors) {
      try (SecretBytes scalar = secret(vector.octets("private"));
          KeyShare share = KeyExchangeMethod.CURVE25519.restore(scalar)) {
        if (vector.flagged("ZeroSharedSecret")) {
          assertThrows(
              MalformedMessageException.class,
              () -> share.agree(vector.octets("public")),
              vector::toString);
          refused++;
        } else {
          assertAgrees(vector, share, vector.octets("public"));
        }
      }
      run++;
    }
    assertRuns(vectors, 518, run);
    assertRuns(vectors, 31, refused);
  }

  /** RFC 5903 section 7: the payload has no octet that tells the form, so only x | y can come. */
  @Test
  void ecdhP256() throws Exception {
    int run = 0;
    List<Vector> vectors = Wycheproof.vectors("ecdh_secp256r1_ecpoint_test.json");
    for (Vector vector : vectors) {
      Bytes point = vector.octets("public");
      if (!point.isEmpty() && point.at(0) != 4) {
        continue;
      }
      Bytes peer = point.isEmpty() ? point : point.slice(1, point.size());
      try (SecretBytes scalar = fixed(vector.octets("private"), 32);
          KeyShare share = KeyExchangeMethod.ECP_256.restore(scalar)) {
        if (vector.valid()) {
          assertAgrees(vector, share, peer);
        } else {
          assertThrows(MalformedMessageException.class, () -> share.agree(peer), vector::toString);
        }
      }
      run++;
    }
    assertRuns(vectors, 347, run);
  }

  private static void assertAgrees(Vector vector, KeyShare share, Bytes peer) throws Exception {
    try (SecretBytes shared = share.agree(peer)) {
      assertTrue(shared.matches(vector.octets("shared").toArray()), vector::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519_test.json,                       ED25519,           151",
    "ecdsa_secp256r1_sha256_test.json,        ECDSA_P256_SHA256, 484",
    "ecdsa_secp384r1_sha384_test.json,        ECDSA_P384_SHA384, 504",
    "rsa_pss_2048_sha256_mgf1_32_test.json,   RSA_PSS_SHA256,    108"
  })
  void signature(String file, SignatureScheme scheme, int expectedRuns) {
    List<Vector> vectors = Wycheproof.vectors(file);
    int run = 0;
    for (Vector vector : vectors) {
      Bytes spki = Bytes.fromHex(vector.group().getString("publicKeyDer"));
      assertTrue(scheme.fits(spki), vector::toString);
      assertEquals(
          vector.valid(),
          verifies(scheme, spki, vector.octets("msg"), vector.octets("sig")),
          vector::toString);
      run++;
    }
    assertRuns(vectors, expectedRuns, run);
  }

  /** RFC 9881: the context is empty, so vectors with one say nothing about us. */
  @ParameterizedTest
  @CsvSource({
    "mldsa_44_verify_test.json, ML_DSA_44, 173, 4",
    "mldsa_65_verify_test.json, ML_DSA_65, 203, 4"
  })
  void mlDsa(String file, SignatureScheme scheme, int expectedRuns, int expectedBadKeys) {
    List<Vector> vectors = Wycheproof.vectors(file);
    int run = 0;
    int badKeys = 0;
    for (Vector vector : vectors) {
      if (vector.test().has("ctx") && !vector.octets("ctx").isEmpty()) {
        continue;
      }
      run++;
      String der = vector.group().getString("publicKeyDer");
      Bytes spki = der == null ? Bytes.EMPTY : Bytes.fromHex(der);
      if (!scheme.fits(spki)) {
        assertFalse(vector.valid(), vector::toString);
        badKeys++;
        continue;
      }
      assertEquals(
          vector.valid(),
          verifies(scheme, spki, vector.octets("msg"), vector.octets("sig")),
          vector::toString);
    }
    assertRuns(vectors, expectedRuns, run);
    assertRuns(vectors, expectedBadKeys, badKeys);
  }

  private static boolean verifies(
      SignatureScheme scheme, Bytes spki, Bytes message, Bytes signature) {
    try {
      scheme.verify(spki, message, signature);
      return true;
    } catch (NotAuthenticException e) {
      return false;
    }
  }

  private static KeyWrap keyWrapOf(int keyOctets) {
    for (KeyWrap wrap : KeyWrap.values()) {
      if (wrap.keyOctets() == keyOctets) {
        return wrap;
      }
    }
    throw new IllegalArgumentException("no key wrap of " + keyOctets);
  }

  /** Every vector was reached: a loop that skips all would pass too. */
  private static void assertRuns(List<Vector> vectors, int expected, int run) {
    if (!vectors.isEmpty()) {
      assertEquals(expected, run, "vectors run");
    }
  }

  private static SecretBytes secret(Bytes octets) {
    return SecretBytes.takeFrom(octets.toArray());
  }

  /** A number in exactly {@code size} octets: the vectors write a sign octet or leave zeros out. */
  private static SecretBytes fixed(Bytes number, int size) {
    byte[] octets = new byte[size];
    byte[] from = number.toArray();
    int count = Math.min(size, from.length);
    System.arraycopy(from, from.length - count, octets, size - count, count);
    return SecretBytes.takeFrom(octets);
  }
}
