package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.testkit.BitFlips;
import org.keyfleet.testkit.VectorFile;

class KeyWrapTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void wrapsAsTheRfcDoes() throws Exception {
    for (List<String> row : VectorFile.rows(KeyWrapTest.class, "key-wrap-5649.txt", 3)) {
      Bytes wrapped = Bytes.fromHex(row.get(2));
      try (SecretBytes kek = secret(row.get(0));
          SecretBytes key = secret(row.get(1));
          SecretBytes back = KeyWrap.KW_5649_192.unwrap(kek, wrapped)) {
        assertEquals(wrapped, KeyWrap.KW_5649_192.wrap(kek, key));
        assertTrue(back.use(key::matches));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySizeComesBackAndEveryBitCounts(KeyWrap wrap) throws Exception {
    assertEquals(Optional.of(wrap), KeyWrap.ofTransformId(wrap.transformId()));
    try (SecretBytes kek = SecretBytes.random(random, wrap.keyOctets())) {
      for (int octets = 1; octets <= KeyWrap.MAX_KEY_OCTETS; octets++) {
        try (SecretBytes key = SecretBytes.random(random, octets);
            SecretBytes back = wrap.unwrap(kek, wrap.wrap(kek, key))) {
          assertTrue(back.use(key::matches));
        }
      }
      for (int octets : new int[] {1, 8, 9, 36}) {
        try (SecretBytes key = SecretBytes.random(random, octets)) {
          Bytes wrapped = wrap.wrap(kek, key);
          BitFlips.of(wrapped).forEach(bad -> assertRefused(wrap, kek, bad));
          BitFlips.truncations(wrapped).forEach(bad -> assertRefused(wrap, kek, bad));
          assertRefused(wrap, kek, Bytes.concat(wrapped, Bytes.copyOf(new byte[8])));
        }
      }
    }
  }

  @Test
  void sizesOutOfBounds() {
    KeyWrap wrap = KeyWrap.KW_5649_128;
    try (SecretBytes kek = SecretBytes.random(random, 16);
        SecretBytes longKek = SecretBytes.random(random, 32);
        SecretBytes none = SecretBytes.takeFrom(new byte[0]);
        SecretBytes tooLong = SecretBytes.random(random, KeyWrap.MAX_KEY_OCTETS + 1)) {
      assertThrows(IllegalArgumentException.class, () -> wrap.wrap(kek, none));
      assertThrows(IllegalArgumentException.class, () -> wrap.wrap(kek, tooLong));
      assertThrows(IllegalArgumentException.class, () -> wrap.wrap(longKek, kek));
      assertThrows(
          IllegalArgumentException.class, () -> wrap.unwrap(longKek, Bytes.copyOf(new byte[24])));
      assertRefused(wrap, kek, Bytes.copyOf(new byte[1 << 20]));
    }
  }

  private static void assertRefused(KeyWrap wrap, SecretBytes kek, Bytes wrapped) {
    assertThrows(NotAuthenticException.class, () -> wrap.unwrap(kek, wrapped));
  }

  private static SecretBytes secret(String hex) {
    return SecretBytes.takeFrom(Bytes.fromHex(hex).toArray());
  }
}
