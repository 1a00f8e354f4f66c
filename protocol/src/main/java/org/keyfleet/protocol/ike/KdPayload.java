package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Key Download payload (RFC 9838 section 4.5): its key bags, with wrapped keys only, are decoded by
 * the G-IKEv2 layer.
 */
public record KdPayload(Bytes body) implements Payload {

  static KdPayload decode(ByteReader in) {
    return new KdPayload(in.takeRest());
  }

  @Override
  public int typeCode() {
    return PayloadType.KD.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.bytes(body);
  }
}
