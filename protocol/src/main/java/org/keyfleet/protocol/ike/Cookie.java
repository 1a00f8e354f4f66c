package org.keyfleet.protocol.ike;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Prf;

/**
 * Makes and checks cookies without remembering whom it gave one (RFC 7296 section 2.6): {@code
 * Cookie = VersionIDofSecret | prf(secret, Ni | IPi | SPIi)}. The secret changes with time and the
 * one before it is honoured for as long again. One thread at a time.
 */
public final class Cookie implements AutoCloseable {
  private static final Prf PRF = Prf.HMAC_SHA2_256;
  private static final int SECRET_OCTETS = 32;
  private static final int VERSION_OCTETS = 1;

  private final SecureRandom random;
  private final long rotationNanos;
  private SecretBytes current;
  private @Nullable SecretBytes previous;
  private int version;
  private long since;

  /**
   * Starts with a fresh secret.
   *
   * @param rotationNanos age at which a secret is replaced
   */
  public Cookie(SecureRandom random, long rotationNanos, long nowNanos) {
    this.random = random;
    this.rotationNanos = rotationNanos;
    this.current = SecretBytes.random(random, SECRET_OCTETS);
    this.since = nowNanos;
  }

  /** The notify that asks the initiator at {@code address} to come back with this cookie. */
  public NotifyPayload make(
      Bytes initiatorNonce, Bytes address, IkeSpi initiatorSpi, long nowNanos) {
    rotate(nowNanos);
    Bytes cookie = cookie(current, version, initiatorNonce, address, initiatorSpi);
    return NotifyPayload.of(NotifyType.COOKIE, cookie);
  }

  /** Whether the cookie a request brings is one of ours for this initiator. */
  public boolean accepts(
      NotifyPayload notify,
      Bytes initiatorNonce,
      Bytes address,
      IkeSpi initiatorSpi,
      long nowNanos) {
    rotate(nowNanos);
    Bytes cookie = notify.data();
    if (!notify.is(NotifyType.COOKIE) || cookie.size() != VERSION_OCTETS + PRF.outputOctets()) {
      return false;
    }
    SecretBytes secret = cookie.at(0) == version ? current : previous;
    return secret != null
        && cookie.matches(cookie(secret, cookie.at(0), initiatorNonce, address, initiatorSpi));
  }

  @Override
  public void close() {
    current.close();
    if (previous != null) {
      previous.close();
    }
  }

  private void rotate(long nowNanos) {
    long age = nowNanos - since;
    if (age < rotationNanos) {
      return;
    }
    if (previous != null) {
      previous.close();
    }
    if (age < 2 * rotationNanos) {
      previous = current;
    } else {
      current.close();
      previous = null;
    }
    current = SecretBytes.random(random, SECRET_OCTETS);
    version = (version + 1) & 0xff;
    since = nowNanos;
  }

  private static Bytes cookie(
      SecretBytes secret, int version, Bytes nonce, Bytes address, IkeSpi spi) {
    try (SecretBytes mac = PRF.mac(secret, nonce, address, spi.octets())) {
      return Bytes.concat(Bytes.of(version), mac.use(Bytes::copyOf));
    }
  }
}
