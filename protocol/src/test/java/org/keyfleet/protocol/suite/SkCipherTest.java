package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.testkit.BitFlips;
import org.keyfleet.testkit.VectorFile;

class SkCipherTest {
  private static final Bytes AAD = Bytes.ofUtf8("IKE header, SK header");

  private final SecureRandom random = new SecureRandom();

  @Test
  void publishedPackets() throws Exception {
    for (List<String> row : VectorFile.rows(SkCipherTest.class, "sealed-packets.txt", 7)) {
      SkCipher cipher =
          SkCipher.of(Integer.parseInt(row.get(0)), Integer.parseInt(row.get(1)), 0).orElseThrow();
      Bytes iv = Bytes.fromHex(row.get(3));
      Bytes aad = Bytes.fromHex(row.get(4));
      byte[] plaintext = Bytes.fromHex(row.get(5)).toArray();
      Bytes sealed = Bytes.concat(iv, Bytes.fromHex(row.get(6)));
      try (SecretBytes key = SecretBytes.takeFrom(Bytes.fromHex(row.get(2)).toArray());
          SecretBytes none = SecretBytes.takeFrom(new byte[0])) {
        assertEquals(sealed, cipher.seal(key, none, iv, aad, plaintext));
        assertArrayEquals(plaintext, cipher.open(key, none, aad, sealed));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "20, 128,  0, 20,  0,  8, 16,  1",
    "20, 192,  0, 28,  0,  8, 16,  1",
    "20, 256,  0, 36,  0,  8, 16,  1",
    "28,   0,  0, 36,  0,  8, 16,  1",
    "12, 128, 12, 16, 32, 16, 16, 16",
    "12, 192, 12, 24, 32, 16, 16, 16",
    "12, 256, 12, 32, 32, 16, 16, 16",
    "12, 128, 13, 16, 48, 16, 24, 16",
    "12, 256, 14, 32, 64, 16, 32, 16"
  })
  void sizesAndEveryBit(
      int encrId,
      int keyBits,
      int integId,
      int encKeyOctets,
      int integKeyOctets,
      int ivOctets,
      int icvOctets,
      int blockOctets)
      throws Exception {
    SkCipher cipher = SkCipher.of(encrId, keyBits, integId).orElseThrow();
    assertEquals(encKeyOctets, cipher.encryptionKeyOctets());
    assertEquals(integKeyOctets, cipher.integrityKeyOctets());
    assertEquals(ivOctets, cipher.ivOctets());
    assertEquals(icvOctets, cipher.icvOctets());
    assertEquals(blockOctets, cipher.blockOctets());
    assertEquals(integKeyOctets == 0, cipher.aead());
    try (SecretBytes enc = SecretBytes.random(random, encKeyOctets);
        SecretBytes integ = SecretBytes.random(random, integKeyOctets)) {
      for (int blocks : new int[] {0, 1, 3}) {
        byte[] plaintext = new byte[blocks * 16];
        random.nextBytes(plaintext);
        Bytes sealed = cipher.seal(enc, integ, iv(ivOctets), AAD, plaintext);
        assertEquals(ivOctets + plaintext.length + icvOctets, sealed.size());
        assertArrayEquals(plaintext, cipher.open(enc, integ, AAD, sealed));
        BitFlips.of(sealed).forEach(bad -> assertRefused(cipher, enc, integ, AAD, bad));
        BitFlips.truncations(sealed).forEach(bad -> assertRefused(cipher, enc, integ, AAD, bad));
        BitFlips.of(AAD).forEach(bad -> assertRefused(cipher, enc, integ, bad, sealed));
        assertRefused(cipher, enc, integ, AAD, Bytes.concat(sealed, Bytes.of(0)));
      }
    }
  }

  private static void assertRefused(
      SkCipher cipher, SecretBytes enc, SecretBytes integ, Bytes aad, Bytes sealed) {
    assertThrows(NotAuthenticException.class, () -> cipher.open(enc, integ, aad, sealed));
  }

  @ParameterizedTest
  @CsvSource({
    "20,   0,  0", // AES without Key Length
    "20, 129,  0",
    "20, 128, 12", // RFC 5282 section 8: no integrity transform with a combined cipher
    "28, 256,  0", // RFC 7634 section 4: no Key Length
    "28,   0, 12",
    "12, 128,  0", // encryption without integrity
    "12, 128,  2", // HMAC-SHA1-96
    "19, 128,  0",
    " 3,   0, 12"
  })
  void otherTransformsAreNotOurs(int encrId, int keyBits, int integId) {
    assertFalse(SkCipher.of(encrId, keyBits, integId).isPresent());
  }

  /** The JDK's AES-CBC and HMAC, put together as RFC 7296 section 3.14 says. */
  @ParameterizedTest
  @CsvSource({"12, HmacSHA256", "13, HmacSHA384", "14, HmacSHA512"})
  void cbcIsWhatTheJdkMakes(int integId, String macName) throws Exception {
    SkCipher cipher = SkCipher.of(SkCipher.ENCR_AES_CBC, 256, integId).orElseThrow();
    byte[] encKey = iv(cipher.encryptionKeyOctets()).toArray();
    byte[] integKey = iv(cipher.integrityKeyOctets()).toArray();
    Bytes iv = iv(16);
    byte[] plaintext = new byte[48];
    Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
    cbc.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(encKey, "AES"), new IvParameterSpec(iv.toArray()));
    Bytes covered = Bytes.concat(iv, Bytes.copyOf(cbc.doFinal(plaintext)));
    Mac mac = Mac.getInstance(macName);
    mac.init(new SecretKeySpec(integKey, macName));
    mac.update(AAD.toArray());
    byte[] icv = Arrays.copyOf(mac.doFinal(covered.toArray()), cipher.icvOctets());
    try (SecretBytes enc = SecretBytes.takeFrom(encKey);
        SecretBytes integ = SecretBytes.takeFrom(integKey)) {
      assertEquals(
          Bytes.concat(covered, Bytes.copyOf(icv)), cipher.seal(enc, integ, iv, AAD, plaintext));
    }
  }

  @Test
  void wrongSizesOfOursAreBugs() {
    SkCipher cipher = SkCipher.of(SkCipher.ENCR_AES_CBC, 128, 12).orElseThrow();
    try (SecretBytes enc = SecretBytes.random(random, 16);
        SecretBytes integ = SecretBytes.random(random, 32)) {
      assertBug(() -> cipher.seal(enc, integ, iv(8), AAD, new byte[16]));
      assertBug(() -> cipher.seal(enc, integ, iv(16), AAD, new byte[15]));
      assertBug(() -> cipher.seal(integ, integ, iv(16), AAD, new byte[16]));
      assertBug(() -> cipher.open(enc, enc, AAD, iv(64)));
    }
  }

  private static void assertBug(org.junit.jupiter.api.function.Executable call) {
    assertThrows(IllegalArgumentException.class, call);
  }

  private Bytes iv(int octets) {
    byte[] iv = new byte[octets];
    random.nextBytes(iv);
    return Bytes.copyOf(iv);
  }
}
