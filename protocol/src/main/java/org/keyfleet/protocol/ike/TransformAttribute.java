package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * A transform attribute (RFC 7296 section 3.3.5): type and a 16-bit value (AF 1, TV) or type,
 * length and value (AF 0, TLV).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |A|       Attribute Type        |    AF=0  Attribute Length     |
 * |F|                             |    AF=1  Attribute Value      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                   AF=0  Attribute Value                       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param type 0 to 32767
 * @param inline whether the value is the two octets of the TV form
 * @param value two octets in the TV form
 */
public record TransformAttribute(int type, boolean inline, Bytes value) {
  // From the specifications
  public static final int KEY_LENGTH = 14; // RFC 7296 section 3.3.5, TV
  public static final int SIGNATURE_ALGORITHM_IDENTIFIER = 18; // RFC 9838 section 4.4.2.1.1, TLV
  private static final int INLINE_FORM = 0x8000;
  private static final int MAX_TYPE = 0x7fff;
  private static final int INLINE_OCTETS = 2;

  public TransformAttribute {
    if (type < 0 || type > MAX_TYPE || (inline && value.size() != INLINE_OCTETS)) {
      throw new IllegalArgumentException("attribute " + type + ", " + value.size() + " octets");
    }
  }

  /** Key Length in bits. */
  public static TransformAttribute keyLength(int bits) {
    return ofU16(KEY_LENGTH, bits);
  }

  /** Signature Algorithm Identifier: a DER AlgorithmIdentifier. */
  public static TransformAttribute signatureAlgorithm(Bytes algorithmIdentifier) {
    return new TransformAttribute(SIGNATURE_ALGORITHM_IDENTIFIER, false, algorithmIdentifier);
  }

  /** The TV form. */
  public static TransformAttribute ofU16(int type, int value) {
    return new TransformAttribute(type, true, new ByteWriter().u16(value).toBytes());
  }

  static TransformAttribute decode(ByteReader in) throws MalformedMessageException {
    int format = in.u16("attribute type");
    int type = format & MAX_TYPE;
    if ((format & INLINE_FORM) != 0) {
      return new TransformAttribute(type, true, in.take(INLINE_OCTETS, "attribute value"));
    }
    int length = in.u16("attribute length");
    return new TransformAttribute(type, false, in.take(length, "attribute value"));
  }

  void encode(ByteWriter out) {
    if (inline) {
      out.u16(INLINE_FORM | type).bytes(value);
    } else {
      out.u16(type).u16(value.size()).bytes(value);
    }
  }

  /** The value of the TV form as an unsigned number. */
  public int u16() {
    if (!inline) {
      throw new IllegalStateException("attribute " + type + " is not in the TV form");
    }
    return value.at(0) << 8 | value.at(1);
  }
}
