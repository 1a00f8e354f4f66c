package org.keyfleet.hsm;

import org.keyfleet.protocol.octets.Bytes;

/**
 * Three octets that tell whether a persistent key is whole and the one that is meant: HMAC-SHA-256
 * under a key derived from a root, or under the MAC key itself. Tokens answer CKA_CHECK_VALUE for
 * some keys only (SoftHSM not for unwrapped ones), so it is not used.
 */
final class CheckValue {
  private static final int OCTETS = 3;
  private static final Bytes LABEL = Bytes.ofUtf8("keyfleet check value");
  private static final KeyName DERIVED = KeyName.of("check-value");

  private CheckValue() {}

  static Bytes of(KeyCustody custody, KeyRef key) throws CustodyException {
    if (key.role() == KeyRole.MAC) {
      return custody.mac(key, LABEL).slice(0, OCTETS);
    }
    KeyRef derived = custody.derive(key, LABEL, DERIVED, KeyRole.MAC);
    try {
      return custody.mac(derived, LABEL).slice(0, OCTETS);
    } finally {
      custody.destroy(derived);
    }
  }
}
