package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;

/**
 * A received message whose SK or SKF payload is not opened yet.
 *
 * @param payloads those in the clear before it
 */
public record SealedMessage(IkeHeader header, PayloadList payloads, SealedBody body, Bytes octets)
    implements InboundMessage {

  /** What the ICV covers before the IV: header, clear payloads, header of the SK payload. */
  Bytes associatedData() {
    return octets.slice(0, octets.size() - body.sealed().size());
  }

  /** Whether a message already answered may be answered again (RFC 7383 section 2.6.1). */
  public boolean triggersRetransmission() {
    return !body.isFragment() || body.fragmentNumber() == 1;
  }
}
