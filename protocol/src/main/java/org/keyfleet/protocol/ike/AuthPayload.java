package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Authentication payload (RFC 7296 section 3.8, RFC 7427 section 3).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Auth Method   |                RESERVED                       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                      Authentication Data                      ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param method {@link #SHARED_KEY} or {@link #DIGITAL_SIGNATURE}; others are refused later
 * @param data 1 to 4096 octets
 */
public record AuthPayload(int method, Bytes data) implements Payload {
  /** Shared Key Message Integrity Code. */
  public static final int SHARED_KEY = 2;

  /** Digital Signature (RFC 7427). */
  public static final int DIGITAL_SIGNATURE = 14;

  private static final int MAX_OCTETS = 4096;

  public AuthPayload {
    if (method < 0 || method > 0xff || data.isEmpty() || data.size() > MAX_OCTETS) {
      throw new IllegalArgumentException("AUTH " + method + ": " + data.size() + " octets");
    }
  }

  static AuthPayload decode(ByteReader in) throws MalformedMessageException {
    int method = in.u8("AUTH method");
    in.skip(3, "AUTH reserved");
    int length = in.remaining();
    if (length == 0 || length > MAX_OCTETS) {
      throw new MalformedMessageException("AUTH data: " + length + " octets");
    }
    return new AuthPayload(method, in.takeRest());
  }

  @Override
  public int typeCode() {
    return PayloadType.AUTH.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.u8(method).zeros(3).bytes(data);
  }
}
