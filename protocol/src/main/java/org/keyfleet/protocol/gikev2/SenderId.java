package org.keyfleet.protocol.gikev2;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * A number that only one sender of the group has (RFC 9838 section 2.5). The text gives the
 * GM_SENDER_ID attribute no length: Keyfleet sends it big-endian in the fewest octets that hold
 * GWP_SENDER_ID_BITS, and reads any length up to 8 octets.
 *
 * @param value 0 to 2^32-1
 */
public record SenderId(long value) {
  /** The IV of AES-GCM and its kind in ESP (RFC 4106 section 3.1). */
  private static final int IV_BITS = 64;

  // Ours: 32 bits of Sender-ID leave 32 bits of counter
  public static final int MAX_BITS = 32;
  private static final int MAX_OCTETS = 8;

  public SenderId {
    if (value < 0 || value > 0xffff_ffffL) {
      throw new IllegalArgumentException("Sender-ID " + value);
    }
  }

  /** Whether a group may have Sender-IDs of {@code bits}. */
  static boolean isWidth(int bits) {
    return bits >= 1 && bits <= MAX_BITS;
  }

  static SenderId decode(Bytes octets) throws MalformedMessageException {
    if (octets.isEmpty() || octets.size() > MAX_OCTETS) {
      throw new MalformedMessageException("GM_SENDER_ID: " + octets.size() + " octets");
    }
    ByteReader in = octets.reader();
    long value = 0;
    while (in.hasRemaining()) {
      if (value >> 24 != 0) {
        throw new MalformedMessageException("GM_SENDER_ID: over 32 bits");
      }
      value = value << 8 | in.u8("GM_SENDER_ID");
    }
    return new SenderId(value);
  }

  /**
   * The attribute value for a group with Sender-IDs of {@code bits}.
   *
   * @throws IllegalArgumentException when the number does not fit
   */
  Bytes encode(int bits) {
    if (!fits(bits)) {
      throw new IllegalArgumentException("Sender-ID " + value + " in " + bits + " bits");
    }
    ByteWriter out = new ByteWriter();
    for (int octet = (bits + 7) / 8 - 1; octet >= 0; octet--) {
      out.u8((int) (value >>> (8 * octet)) & 0xff);
    }
    return out.toBytes();
  }

  /**
   * Section 2.5.2: "If the Sender-ID value doesn't fit into the number of bits from the
   * GWP_SENDER_ID_BITS attributes, then the GM MUST treat this as a fatal error and re-register".
   */
  public boolean fits(int bits) {
    return isWidth(bits) && value >>> bits == 0;
  }

  /**
   * The 64-bit IV with this Sender-ID in its most significant {@code bits} and {@code counter} in
   * the rest (RFC 6054 section 2).
   *
   * @throws IllegalArgumentException when one of them does not fit: the SA is exhausted
   */
  public long iv(int bits, long counter) {
    if (!fits(bits) || counter < 0 || counter >>> (IV_BITS - bits) != 0) {
      throw new IllegalArgumentException("IV counter with a Sender-ID of " + bits + " bits");
    }
    return value << (IV_BITS - bits) | counter;
  }
}
