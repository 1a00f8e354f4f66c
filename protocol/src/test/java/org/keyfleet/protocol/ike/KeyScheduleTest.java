package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SkCipher;

class KeyScheduleTest {
  private static final Map<String, Prf> PRFS =
      Map.of("SHA2-256", Prf.HMAC_SHA2_256, "SHA2-384", Prf.HMAC_SHA2_384);

  /** Vectors of the resource file: one map of names to values for each. */
  static List<Map<String, String>> published() throws IOException {
    List<Map<String, String>> vectors = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(KeyScheduleTest.class.getResourceAsStream("ikev2-kdf.txt"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        String[] words = line.split(" +", 2);
        if (words[0].equals("hash")) {
          vectors.add(new HashMap<>());
        }
        if (!line.isBlank() && !line.startsWith("#")) {
          vectors.get(vectors.size() - 1).put(words[0], words[1]);
        }
      }
    }
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("published")
  void derivesThePublishedKeys(Map<String, String> vector) {
    Prf prf = Objects.requireNonNull(PRFS.get(vector.get("hash")));
    SkCipher cipher = IkeSuite.Encryption.AES_GCM_128.cipher();
    try (SecretBytes shared = SecretBytes.takeFrom(octets(vector, "gir").toArray());
        IkeSaKeys keys =
            KeySchedule.derive(
                prf,
                cipher,
                octets(vector, "ni"),
                octets(vector, "nr"),
                new IkeSpi(Long.parseUnsignedLong(vector.get("spii"), 16)),
                new IkeSpi(Long.parseUnsignedLong(vector.get("spir"), 16)),
                shared);
        SecretBytes all =
            SecretBytes.concat(
                keys.d(), keys.ai(), keys.ar(), keys.ei(), keys.er(), keys.pi(), keys.pr())) {
      assertEquals(3 * prf.outputOctets() + 2 * 20, all.size());
      Bytes expected = octets(vector, "dkm");
      Bytes derived = all.use(Bytes::copyOf);
      assertEquals(expected.hex(), derived.slice(0, expected.size()).hex());
    }
  }

  private static Bytes octets(Map<String, String> vector, String name) {
    return Bytes.fromHex(Objects.requireNonNull(vector.get(name)));
  }

  @Test
  void cutsKeysInTheOrderOfTheSpecification() {
    byte[] material = new byte[2 * 64 + 2 * 32 + 3 * 32];
    for (int i = 0; i < material.length; i++) {
      material[i] = (byte) (i / 32);
    }
    try (SecretBytes secret = SecretBytes.takeFrom(material);
        IkeSaKeys keys = new IkeSaKeys(Prf.HMAC_SHA2_256, secret, 64, 32)) {
      assertEquals("00".repeat(32), hex(keys.d()));
      assertEquals("01".repeat(32) + "02".repeat(32), hex(keys.ai()));
      assertEquals("03".repeat(32) + "04".repeat(32), hex(keys.ar()));
      assertEquals("05".repeat(32), hex(keys.ei()));
      assertEquals("06".repeat(32), hex(keys.er()));
      assertEquals("07".repeat(32), hex(keys.pi()));
      assertEquals("08".repeat(32), hex(keys.pr()));
    }
  }

  /** RFC 9838 section 3.1.1: prf+(SK_d, label), whose first block is prf(SK_d, label | 0x01). */
  @Test
  void groupKeyWrapKeyComesFromSkD() {
    IkeSaKeys keys = TestKeys.of(IkeSuite.Encryption.AES_GCM_128.cipher());
    Bytes seed = Bytes.concat(Bytes.ofUtf8("Key Wrap for G-IKEv2"), Bytes.of(1));
    assertEquals(21, seed.size());
    try (SecretBytes block = Prf.HMAC_SHA2_256.mac(keys.d(), seed)) {
      for (KeyWrap keyWrap : KeyWrap.values()) {
        try (SecretBytes gskW = keys.gskW(keyWrap)) {
          assertEquals(hex(block).substring(0, 2 * keyWrap.keyOctets()), hex(gskW));
        }
      }
    }
    keys.close();
  }

  @Test
  void closingWipesAllSeven() {
    IkeSaKeys keys = TestKeys.of(IkeSuite.Encryption.AES_CBC_256_SHA256.cipher());
    String secret = hex(keys.d());
    assertFalse(keys.toString().contains(secret.substring(0, 8)));
    keys.close();
    for (SecretBytes key :
        List.of(keys.d(), keys.ai(), keys.ar(), keys.ei(), keys.er(), keys.pi(), keys.pr())) {
      assertThrows(IllegalStateException.class, () -> hex(key));
    }
  }

  private static String hex(SecretBytes secret) {
    return secret.use(octets -> Bytes.copyOf(octets).hex());
  }
}
