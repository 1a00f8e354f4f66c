package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteWriter;

/**
 * One payload in the clear or taken out of an SK payload (RFC 7296 section 3.2). SK and SKF
 * themselves are no payloads here: see {@link SealedMessage}.
 *
 * <pre>
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Next Payload  |C|  RESERVED   |         Payload Length        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public sealed interface Payload
    permits SaPayload,
        KePayload,
        IdPayload,
        CertPayload,
        CertReqPayload,
        AuthPayload,
        NoncePayload,
        NotifyPayload,
        DeletePayload,
        VendorIdPayload,
        GsaPayload,
        KdPayload,
        UnknownPayload {

  /** The number in the Next Payload field before this payload. */
  int typeCode();

  /** The critical bit; clear for every payload that RFC 7296 defines. */
  default boolean critical() {
    return false;
  }

  /** Writes what follows the generic payload header. */
  void encodeBody(ByteWriter out);
}
