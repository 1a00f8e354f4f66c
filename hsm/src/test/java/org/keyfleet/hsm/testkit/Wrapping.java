package org.keyfleet.hsm.testkit;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/** The other side of an unwrap, in host memory. */
public final class Wrapping {
  private Wrapping() {}

  /** Wraps {@code key} under {@code kek} of 16, 24 or 32 octets (RFC 5649). */
  public static Bytes wrap(Bytes kek, Bytes key) {
    try (SecretBytes secretKek = SecretBytes.takeFrom(kek.toArray());
        SecretBytes secretKey = SecretBytes.takeFrom(key.toArray())) {
      for (KeyWrap algorithm : KeyWrap.values()) {
        if (algorithm.keyOctets() == kek.size()) {
          return algorithm.wrap(secretKek, secretKey);
        }
      }
    }
    throw new IllegalArgumentException("no key wrap with " + kek.size() + " octets");
  }
}
