package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.testkit.BitFlips;

class KeyExchangeTest {
  private final SecureRandom random = new SecureRandom();

  @ParameterizedTest
  @EnumSource
  void bothSidesAgree(KeyExchangeMethod method) throws Exception {
    assertEquals(Optional.of(method), KeyExchangeMethod.ofTransformId(method.transformId()));
    try (KeyShare a = method.generate(random);
        KeyShare b = method.generate(random);
        SecretBytes ab = a.agree(b.publicValue());
        SecretBytes ba = b.agree(a.publicValue())) {
      assertEquals(method.publicOctets(), a.publicValue().size());
      assertTrue(ba.use(ab::matches));
    }
  }

  @ParameterizedTest
  @EnumSource
  void otherLengthsAreRefused(KeyExchangeMethod method) {
    try (KeyShare share = method.generate(random)) {
      Bytes good = method.generate(random).publicValue();
      BitFlips.truncations(good).forEach(bad -> assertRefused(share, bad));
      assertRefused(share, Bytes.concat(good, Bytes.of(0)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ECP_256", "ECP_384"})
  void pointsOffTheCurveAreRefused(KeyExchangeMethod method) {
    try (KeyShare share = method.generate(random)) {
      BitFlips.of(share.publicValue()).forEach(bad -> assertRefused(share, bad));
      assertRefused(share, Bytes.copyOf(new byte[method.publicOctets()]));
      assertRefused(share, Bytes.fromHex("ff".repeat(method.publicOctets())));
    }
  }

  /** RFC 7748 section 6.1: these give the all-zero secret whatever our scalar is. */
  @Test
  void smallOrderPointsAreRefused() {
    try (KeyShare share = KeyExchangeMethod.CURVE25519.generate(random)) {
      assertRefused(share, Bytes.copyOf(new byte[32]));
      assertRefused(share, Bytes.fromHex("01" + "00".repeat(31)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void closedShareDoesNotAgree(KeyExchangeMethod method) {
    KeyShare share = method.generate(random);
    Bytes peer = share.publicValue();
    share.close();
    assertThrows(IllegalStateException.class, () -> share.agree(peer));
  }

  @ParameterizedTest
  @EnumSource
  void textHoldsNoKey(KeyExchangeMethod method) {
    try (KeyShare share = method.generate(random)) {
      assertEquals("KeyShare[" + method + "]", share.toString());
    }
  }

  private static void assertRefused(KeyShare share, Bytes peer) {
    assertThrows(MalformedMessageException.class, () -> share.agree(peer));
  }
}
