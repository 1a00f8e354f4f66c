package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * An attribute of a policy or a key bag, in the format of RFC 7296 section 3.3.5. Records keep the
 * ones they do not know as attributes, so that nothing is lost.
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
 * @param type 0 to 32767; from 16384 on private use
 * @param inline true for Type/Value (TV), whose value is two octets
 */
public record Attribute(int type, boolean inline, Bytes value) {
  /** RFC 9838 section 9: the first private-use number of all four attribute registries. */
  public static final int FIRST_PRIVATE_USE = 16384;

  private static final int INLINE_FORM = 0x8000;
  private static final int MAX_TYPE = 0x7fff;
  private static final int INLINE_OCTETS = 2;

  public Attribute {
    if (type < 0 || type > MAX_TYPE || (inline && value.size() != INLINE_OCTETS)) {
      throw new IllegalArgumentException("attribute " + type + ": " + value.size() + " octets");
    }
    if (value.size() > 0xffff) {
      throw new IllegalArgumentException("attribute " + type + ": " + value.size() + " octets");
    }
  }

  /** Type/Length/Value. */
  public static Attribute tlv(int type, Bytes value) {
    return new Attribute(type, false, value);
  }

  /** Type/Value, a 16-bit number. */
  public static Attribute tv(int type, int value) {
    return new Attribute(type, true, new ByteWriter().u16(value).toBytes());
  }

  /** Reads attributes to the end; their number is bounded by the octets. */
  static List<Attribute> decodeAll(ByteReader in) throws MalformedMessageException {
    List<Attribute> attributes = new ArrayList<>();
    while (in.hasRemaining()) {
      int format = in.u16("attribute type");
      boolean inline = (format & INLINE_FORM) != 0;
      int octets = inline ? INLINE_OCTETS : in.u16("attribute length");
      attributes.add(new Attribute(format & MAX_TYPE, inline, in.take(octets, "attribute value")));
    }
    return attributes;
  }

  static void encodeAll(List<Attribute> attributes, ByteWriter out) {
    for (Attribute attribute : attributes) {
      if (attribute.inline) {
        out.u16(INLINE_FORM | attribute.type).bytes(attribute.value);
      } else {
        out.u16(attribute.type).u16(attribute.value.size()).bytes(attribute.value);
      }
    }
  }

  /** The value of an attribute that its registry defines as TLV. */
  Bytes tlvValue(String name) throws MalformedMessageException {
    if (inline) {
      throw new MalformedMessageException(name + ": TV where TLV is defined");
    }
    return value;
  }

  /** The value of an attribute that is a TLV of exactly 4 octets. */
  long tlvU32(String name) throws MalformedMessageException {
    ByteReader in = tlvValue(name).reader();
    long number = in.u32(name);
    in.expectEnd(name);
    return number;
  }

  /** The value of an attribute that its registry defines as TV. */
  int tvU16(String name) throws MalformedMessageException {
    if (!inline) {
      throw new MalformedMessageException(name + ": TLV where TV is defined");
    }
    return value.at(0) << 8 | value.at(1);
  }
}
