package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A payload whose body this implementation does not read: an unassigned type without the critical
 * bit, or TSi, TSr, CP and EAP, which a childless exchange leaves unread.
 *
 * @param type the payload's type number
 * @param critical the bit as received
 */
public record UnknownPayload(int type, boolean critical, Bytes body) implements Payload {
  public UnknownPayload {
    if (type < 1 || type > 0xff) {
      throw new IllegalArgumentException("payload type " + type);
    }
  }

  static UnknownPayload decode(int type, boolean critical, ByteReader in) {
    return new UnknownPayload(type, critical, in.takeRest());
  }

  @Override
  public int typeCode() {
    return type;
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.bytes(body);
  }
}
