package org.keyfleet.benchmarks.custody;

import java.util.Locale;

/** What is measured; the same in each of the columns. */
enum Operation {
  /** A key of 32 octets to a session object. */
  UNWRAP,
  /** A key of 32 octets to the host. */
  RELEASE,
  /** A session key of a root. */
  DERIVE,
  /** HMAC-SHA-256 of 64 octets. */
  MAC,
  /** ECDSA over P-256. */
  SIGN,
  /** ECDH over P-256 to a session object. */
  AGREE;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
