package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** The JDK's HMAC is the independent witness here; Wycheproof's vectors are in another test. */
class PrfTest {
  private static final Bytes KEY = Bytes.ofUtf8("a key");
  private static final Bytes SEED = Bytes.ofUtf8("Ni | Nr | SPIi | SPIr");

  @ParameterizedTest
  @EnumSource
  void plusIsTheChainOfRfc7296(Prf prf) throws Exception {
    byte[] expected = chain(prf, 4);
    int all = 4 * prf.outputOctets();
    for (int octets : new int[] {1, prf.outputOctets() - 1, prf.outputOctets(), all - 5, all}) {
      try (SecretBytes key = secret(KEY);
          SecretBytes output = prf.plus(key, SEED, octets)) {
        assertTrue(output.matches(Arrays.copyOf(expected, octets)), prf + " " + octets);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void counterIsOneOctet(Prf prf) throws Exception {
    int most = 255 * prf.outputOctets();
    try (SecretBytes key = secret(KEY);
        SecretBytes output = prf.plus(key, SEED, most)) {
      assertTrue(output.matches(chain(prf, 255)));
      assertThrows(IllegalArgumentException.class, () -> prf.plus(key, SEED, most + 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void partsAreJoined(Prf prf) {
    try (SecretBytes key = secret(KEY);
        SecretBytes whole = prf.mac(key, SEED);
        SecretBytes parts =
            prf.mac(key, SEED.slice(0, 5), Bytes.EMPTY, SEED.slice(5, SEED.size()));
        SecretBytes secretSeed = secret(SEED);
        SecretBytes overSecret = prf.mac(key, secretSeed)) {
      assertTrue(whole.use(parts::matches));
      assertTrue(whole.use(overSecret::matches));
      assertEquals(prf.outputOctets(), whole.size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void numberFindsIt(Prf prf) {
    assertEquals(Optional.of(prf), Prf.ofTransformId(prf.transformId()));
    assertEquals(Optional.empty(), Prf.ofTransformId(2));
  }

  /** T1 = prf (K, S | 0x01), T2 = prf (K, T1 | S | 0x02), ... (RFC 7296 section 2.13). */
  private static byte[] chain(Prf prf, int blocks) throws Exception {
    String name = "HmacSHA" + prf.outputOctets() * 8;
    Mac mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(KEY.toArray(), name));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    byte[] last = new byte[0];
    for (int counter = 1; counter <= blocks; counter++) {
      mac.update(last);
      mac.update(SEED.toArray());
      mac.update((byte) counter);
      last = mac.doFinal();
      output.writeBytes(last);
    }
    return output.toByteArray();
  }

  private static SecretBytes secret(Bytes octets) {
    return SecretBytes.takeFrom(octets.toArray());
  }
}
