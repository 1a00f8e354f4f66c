package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/** Vendor ID payload (RFC 7296 section 3.12): octets that only their owner understands. */
public record VendorIdPayload(Bytes vendorId) implements Payload {

  static VendorIdPayload decode(ByteReader in) {
    return new VendorIdPayload(in.takeRest());
  }

  @Override
  public int typeCode() {
    return PayloadType.VENDOR_ID.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.bytes(vendorId);
  }
}
