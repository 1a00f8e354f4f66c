package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Group Security Association payload (RFC 9838 section 4.4): its policies are decoded by the
 * G-IKEv2 layer.
 */
public record GsaPayload(Bytes body) implements Payload {

  static GsaPayload decode(ByteReader in) {
    return new GsaPayload(in.takeRest());
  }

  @Override
  public int typeCode() {
    return PayloadType.GSA.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.bytes(body);
  }
}
