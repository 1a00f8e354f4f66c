package org.keyfleet.protocol.ike;

import java.security.SecureRandom;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Where the IV of each SK or SKF payload comes from. With an AEAD cipher it must never give the
 * same IV twice for one key; with CBC nobody may be able to predict it (RFC 7296 section 3.14).
 */
@FunctionalInterface
public interface IvSource {
  /**
   * The IV of one payload.
   *
   * @param fragmentNumber 0 for an SK payload, else the number in the SKF payload
   */
  Bytes iv(long messageId, int fragmentNumber);

  /** Eight octets that count the payloads sealed with one key, for AEAD ciphers. */
  static IvSource counter() {
    return new IvSource() {
      private long sealed;

      @Override
      public synchronized Bytes iv(long messageId, int fragmentNumber) {
        return new ByteWriter().u64(sealed++).toBytes();
      }
    };
  }

  /** Random octets, for CBC. */
  static IvSource random(SecureRandom random, int octets) {
    return (messageId, fragmentNumber) -> {
      byte[] iv = new byte[octets];
      random.nextBytes(iv);
      return Bytes.copyOf(iv);
    };
  }
}
