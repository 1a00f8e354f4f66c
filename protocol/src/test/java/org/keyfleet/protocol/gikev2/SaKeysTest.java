package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.SkCipher;

/** Keying material split into keys (RFC 9838 section 3.4). */
class SaKeysTest {
  /** Octets 0, 1, 2 and so on. */
  private static SecretBytes counting(int octets) {
    byte[] material = new byte[octets];
    for (int i = 0; i < octets; i++) {
      material[i] = (byte) i;
    }
    return SecretBytes.takeFrom(material);
  }

  private static void holds(SecretBytes key, int from, int to) {
    try (SecretBytes all = counting(to);
        SecretBytes expected = all.slice(from, to)) {
      assertTrue(expected.use(key::matches), from + " to " + to);
    }
  }

  @Test
  void rekeySaOfAnAeadCipher() throws MalformedMessageException {
    RekeySuite suite = TestGroup.suite(TestGroup.GCM);
    assertEquals(32 + 4 + 32, suite.keymatOctets());
    try (SecretBytes keymat = counting(68);
        RekeySaKeys keys = RekeySaKeys.split(keymat, suite)) {
      holds(keys.encryption(), 0, 36);
      assertEquals(0, keys.integrity().size());
      holds(keys.keyWrap(), 36, 68);
      assertEquals("RekeySaKeys", keys.toString());
    }
  }

  @Test
  void rekeySaOfAesCbcWithHmac() throws MalformedMessageException {
    RekeySuite suite = TestGroup.suite(TestGroup.CBC);
    try (SecretBytes keymat = counting(96);
        RekeySaKeys keys = RekeySaKeys.split(keymat, suite)) {
      holds(keys.encryption(), 0, 32);
      holds(keys.integrity(), 32, 64);
      holds(keys.keyWrap(), 64, 96);
    }
  }

  /** "The size of the keying material MUST be equal to the total size of the keys needed". */
  @Test
  void keyingMaterialOfAnotherSize() {
    RekeySuite suite = TestGroup.suite(TestGroup.GCM);
    SkCipher cipher = suite.cipher();
    for (int octets : new int[] {0, 67, 69}) {
      try (SecretBytes keymat = counting(octets)) {
        assertThrows(MalformedMessageException.class, () -> RekeySaKeys.split(keymat, suite));
        assertThrows(MalformedMessageException.class, () -> DataSaKeys.split(keymat, cipher));
      }
    }
  }

  @Test
  void dataSaTakesTheEncryptionKeyFromTheLeft() throws MalformedMessageException {
    SkCipher cipher = SkCipher.of(12, 128, 12).orElseThrow();
    assertEquals(16 + 32, DataSaKeys.keymatOctets(cipher));
    try (SecretBytes keymat = counting(48);
        DataSaKeys keys = DataSaKeys.split(keymat, cipher)) {
      holds(keys.encryption(), 0, 16);
      holds(keys.integrity(), 16, 48);
    }
  }

  @Test
  void closingWipesTheKeys() throws MalformedMessageException {
    RekeySuite suite = TestGroup.suite(TestGroup.GCM);
    try (SecretBytes keymat = counting(68)) {
      RekeySaKeys keys = RekeySaKeys.split(keymat, suite);
      keys.close();
      assertThrows(IllegalStateException.class, () -> keys.keyWrap().copy());
      assertEquals(68, keymat.copy().size());
    }
  }

  /** Section 3.1: a key wrap key shorter than an encryption key "SHOULD NOT" be. */
  @Test
  void shortKeyWrapKeyIsSeen() {
    RekeySuite suite = TestGroup.suite(TestGroup.GCM);
    RekeySuite weak = new RekeySuite(suite.cipher(), KeyWrap.KW_5649_128);
    GroupPolicy policy = TestGroup.policyOf(TestGroup.esp(TestGroup.ESP1, TestGroup.GCM));
    assertTrue(suite.keyWrapIsStrongEnough(policy));
    assertFalse(weak.keyWrapIsStrongEnough(policy));
    GroupPolicy chacha = TestGroup.policyOf(TestGroup.esp(TestGroup.ESP1, CipherSuite.aead(28, 0)));
    assertFalse(weak.keyWrapIsStrongEnough(chacha));
  }
}
