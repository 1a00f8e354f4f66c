package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.testkit.Mutations;

/** RFC 7296 section 2.6. */
class CookieTest {
  private static final long ROTATION_NANOS = 100;
  private static final Bytes NONCE = Bytes.fromHex("11".repeat(32));
  private static final Bytes ADDRESS = Bytes.of(10, 77, 0, 11);
  private static final IkeSpi SPI = new IkeSpi(42);

  private final Cookie cookie = new Cookie(new SecureRandom(), ROTATION_NANOS, 0);

  @Test
  void comesBackFromTheSameInitiatorOnly() {
    NotifyPayload asked = cookie.make(NONCE, ADDRESS, SPI, 0);
    assertTrue(asked.is(NotifyType.COOKIE));
    assertTrue(asked.data().size() <= 64); // "between 1 and 64 octets in length (inclusive)"
    assertTrue(cookie.accepts(asked, NONCE, ADDRESS, SPI, 1));
    assertFalse(cookie.accepts(asked, Bytes.fromHex("12".repeat(32)), ADDRESS, SPI, 1));
    assertFalse(cookie.accepts(asked, NONCE, Bytes.of(10, 77, 0, 12), SPI, 1));
    assertFalse(cookie.accepts(asked, NONCE, ADDRESS, new IkeSpi(43), 1));
  }

  @Test
  void isHonouredForOneRotationMore() {
    NotifyPayload asked = cookie.make(NONCE, ADDRESS, SPI, ROTATION_NANOS - 1);
    assertTrue(cookie.accepts(asked, NONCE, ADDRESS, SPI, ROTATION_NANOS));
    assertTrue(cookie.accepts(asked, NONCE, ADDRESS, SPI, 2 * ROTATION_NANOS - 1));
    assertFalse(cookie.accepts(asked, NONCE, ADDRESS, SPI, 2 * ROTATION_NANOS));
  }

  @Test
  void expiresAlsoWhenNobodyAskedForLong() {
    NotifyPayload asked = cookie.make(NONCE, ADDRESS, SPI, 0);
    assertFalse(cookie.accepts(asked, NONCE, ADDRESS, SPI, 10 * ROTATION_NANOS));
  }

  @Test
  void everyFlippedBitAndLength() {
    Bytes good = cookie.make(NONCE, ADDRESS, SPI, 0).data();
    Mutations.bitFlips(good).forEach(this::assertRefused);
    Mutations.truncations(good).forEach(this::assertRefused);
    assertRefused(Bytes.concat(good, Bytes.of(0)));
  }

  private void assertRefused(Bytes bad) {
    NotifyPayload notify = NotifyPayload.of(NotifyType.COOKIE, bad);
    assertFalse(cookie.accepts(notify, NONCE, ADDRESS, SPI, 0));
  }

  @Test
  void isDeterministicSoThatNothingIsRemembered() {
    assertEquals(cookie.make(NONCE, ADDRESS, SPI, 0), cookie.make(NONCE, ADDRESS, SPI, 50));
  }

  @Test
  void otherNotifiesAreNoCookies() {
    Bytes data = cookie.make(NONCE, ADDRESS, SPI, 0).data();
    assertFalse(
        cookie.accepts(NotifyPayload.of(NotifyType.INITIAL_CONTACT, data), NONCE, ADDRESS, SPI, 0));
  }
}
