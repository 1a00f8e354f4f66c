package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * A message whose ICV is verified: it comes from somebody who knows the keys, and its payloads fit
 * the table of its exchange.
 *
 * @param adjusted header, SK payload header and inner payloads with lengths that count neither IV,
 *     padding nor ICV; of a fragmented message, the whole: {@code A | P} of RFC 9838 section
 *     2.4.1.1
 */
public record OpenedMessage(IkeHeader header, PayloadList payloads, Bytes adjusted) {

  /**
   * Reads the decrypted content of an SK payload.
   *
   * @param ikeHeader the header in octets; of a fragmented message, that of the first fragment
   * @param first the SK payload, or the SKF payload of the first fragment
   */
  static OpenedMessage decode(IkeHeader header, Bytes ikeHeader, SealedBody first, Bytes content)
      throws MalformedMessageException {
    PayloadList payloads = PayloadChain.decode(first.firstPayload(), content);
    MessageShapes.requireOpened(header, payloads);
    return new OpenedMessage(
        header,
        payloads,
        OutboundMessage.adjusted(ikeHeader, first.firstPayload(), first.flags(), content));
  }
}
