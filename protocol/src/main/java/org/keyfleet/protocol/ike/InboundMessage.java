package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * A received message of which nothing is verified: all in the clear, or still sealed. The non-ESP
 * marker, where there is one, is already off ({@link NonEspMarker}).
 */
public sealed interface InboundMessage permits ClearMessage, SealedMessage {
  IkeHeader header();

  /** The payloads in the clear; usually none before an SK or SKF payload. */
  PayloadList payloads();

  /** The whole datagram as received, for the signed octets of RFC 7296 section 2.15. */
  Bytes octets();

  /**
   * Reads a datagram and checks a clear message against the payload table of its exchange. Costs a
   * bounded amount of work and memory, whoever sent it.
   *
   * @throws UnsupportedVersionException for another major version
   * @throws UnsupportedCriticalPayloadException for an unknown payload with the critical bit
   * @throws MalformedMessageException for everything else that breaks the format
   */
  static InboundMessage parse(Bytes datagram) throws MalformedMessageException {
    ByteReader in = datagram.reader();
    IkeHeader.Decoded decoded = IkeHeader.decode(in);
    PayloadChain.Decoded chain = PayloadChain.decodeUntilSealed(decoded.firstPayload(), in);
    IkeHeader header = decoded.header();
    PayloadList payloads = chain.payloads();
    if (chain.stoppedAt().isEmpty()) {
      in.expectEnd("message");
      MessageShapes.requireClear(header, payloads);
      return new ClearMessage(header, payloads, datagram);
    }
    SealedBody body = SealedBody.decode(chain.stoppedAt().get() == PayloadType.SKF, in);
    in.expectEnd("message");
    MessageShapes.requireSealedAllowed(header, payloads);
    return new SealedMessage(header, payloads, body, datagram);
  }
}
