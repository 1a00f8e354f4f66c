package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * An Encrypted (SK) or Encrypted Fragment (SKF) payload before decryption (RFC 7296 section 3.14,
 * RFC 7383 section 2.5). It is always the last payload of its message.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Next Payload  |C|  RESERVED   |         Payload Length        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   SKF: Fragment Number        |   SKF: Total Fragments        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~   Initialization Vector, ciphertext with padding, ICV         ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param firstPayload type of the first inner payload; 0 in the second and later fragments
 * @param flags the octet with C and RESERVED as received: RFC 9838 section 2.4.1.2 signs it
 * @param fragmentNumber 1 to totalFragments; 0 in SK
 * @param totalFragments 0 in SK
 * @param sealed IV, ciphertext and ICV
 */
public record SealedBody(
    int firstPayload, int flags, int fragmentNumber, int totalFragments, Bytes sealed) {
  static final int SK_HEADER_OCTETS = 4;
  static final int SKF_HEADER_OCTETS = 8;

  public boolean isFragment() {
    return totalFragments != 0;
  }

  static SealedBody decode(boolean fragment, ByteReader in) throws MalformedMessageException {
    int firstPayload = in.u8("SK next payload");
    int flags = in.u8("SK flags");
    int length = in.u16("SK length");
    int headerOctets = fragment ? SKF_HEADER_OCTETS : SK_HEADER_OCTETS;
    if (length < headerOctets) {
      throw new MalformedMessageException("SK length: " + length);
    }
    int number = fragment ? in.u16("fragment number") : 0;
    int total = fragment ? in.u16("total fragments") : 0;
    if (fragment) {
      requireNumbers(firstPayload, number, total);
    }
    Bytes sealed = in.take(length - headerOctets, "SK content");
    return new SealedBody(firstPayload, flags, number, total, sealed);
  }

  /** RFC 7383 section 2.5. */
  private static void requireNumbers(int firstPayload, int number, int total)
      throws MalformedMessageException {
    if (number == 0 || number > total) {
      throw new MalformedMessageException("fragment " + number + " of " + total);
    }
    // "In the rest of the Fragment messages ... this field MUST be set to zero."
    if (number > 1 && firstPayload != PayloadType.NO_NEXT_PAYLOAD) {
      throw new MalformedMessageException("fragment " + number + ": next payload " + firstPayload);
    }
  }

  /** Writes the header of an SK payload, or of an SKF payload, in front of {@code sealedOctets}. */
  static void encodeHeader(
      ByteWriter out, int firstPayload, int fragment, int total, int sealedOctets) {
    out.u8(firstPayload).u8(0);
    if (total == 0) {
      out.u16(SK_HEADER_OCTETS + sealedOctets);
    } else {
      out.u16(SKF_HEADER_OCTETS + sealedOctets).u16(fragment).u16(total);
    }
  }
}
