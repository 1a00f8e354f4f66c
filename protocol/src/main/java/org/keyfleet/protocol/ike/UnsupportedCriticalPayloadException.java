package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.MalformedMessageException;

/** A payload of unknown type carries the critical bit (RFC 7296 section 2.5). */
public final class UnsupportedCriticalPayloadException extends MalformedMessageException {
  private static final long serialVersionUID = 1L;

  private final int payloadType;

  UnsupportedCriticalPayloadException(int payloadType) {
    super("critical payload of unknown type " + payloadType);
    this.payloadType = payloadType;
  }

  /** The type, for the one-octet data of UNSUPPORTED_CRITICAL_PAYLOAD. */
  public int payloadType() {
    return payloadType;
  }
}
