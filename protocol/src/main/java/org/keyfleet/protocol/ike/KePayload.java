package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Key Exchange payload (RFC 7296 section 3.4). The length of the data is checked against the method
 * where the method is known, by the key share.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Key Exchange Method Num      |           RESERVED            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                       Key Exchange Data                       ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param method transform ID of type 4
 * @param data the public value, 1 to 4096 octets
 */
public record KePayload(int method, Bytes data) implements Payload {
  private static final int MAX_OCTETS = 4096;

  public KePayload {
    if (data.isEmpty() || data.size() > MAX_OCTETS) {
      throw new IllegalArgumentException("KE data: " + data.size() + " octets");
    }
  }

  static KePayload decode(ByteReader in) throws MalformedMessageException {
    int method = in.u16("KE method");
    in.skip(2, "KE reserved");
    int length = in.remaining();
    if (length == 0 || length > MAX_OCTETS) {
      throw new MalformedMessageException("KE data: " + length + " octets");
    }
    return new KePayload(method, in.takeRest());
  }

  @Override
  public int typeCode() {
    return PayloadType.KE.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.u16(method).u16(0).bytes(data);
  }
}
