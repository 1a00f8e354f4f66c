package org.keyfleet.protocol.ike;

import java.util.List;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/** Encodes messages of ours that are not sealed, or not yet. */
public final class OutboundMessage {
  private OutboundMessage() {}

  /** A message in the clear, ready to send (without the non-ESP marker). */
  public static Bytes clear(IkeHeader header, List<Payload> payloads) {
    Bytes chain = PayloadChain.encode(payloads);
    ByteWriter out = new ByteWriter();
    header.encode(out, PayloadChain.firstType(payloads), IkeHeader.OCTETS + chain.size());
    return out.bytes(chain).toBytes();
  }

  /**
   * A message as it is before encryption: header, SK payload header and inner payloads, with
   * lengths that count neither IV, padding nor ICV. These are the octets {@code A | P} of RFC 9838
   * section 2.4.1.1.
   */
  public static Bytes adjusted(IkeHeader header, List<Payload> payloads) {
    ByteWriter out = new ByteWriter();
    header.encode(out, PayloadType.SK.code(), IkeHeader.OCTETS);
    return adjusted(
        out.toBytes(), PayloadChain.firstType(payloads), 0, PayloadChain.encode(payloads));
  }

  /** The same of a received message: its header in octets, so that no ignored bit is lost. */
  static Bytes adjusted(Bytes ikeHeader, int firstPayload, int skFlags, Bytes chain) {
    int skOctets = SealedBody.SK_HEADER_OCTETS + chain.size();
    ByteWriter out = new ByteWriter();
    out.bytes(ikeHeader.slice(0, IkeHeader.NEXT_PAYLOAD_AT)).u8(PayloadType.SK.code());
    out.bytes(ikeHeader.slice(IkeHeader.NEXT_PAYLOAD_AT + 1, IkeHeader.LENGTH_AT));
    out.u32(IkeHeader.OCTETS + skOctets);
    return out.u8(firstPayload).u8(skFlags).u16(skOctets).bytes(chain).toBytes();
  }
}
