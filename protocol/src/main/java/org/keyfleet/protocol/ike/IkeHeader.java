package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The header of every message (RFC 7296 section 3.1), without what follows from the payloads (first
 * payload type and length).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                       IKE SA Initiator's SPI                  |
 * |                                                               |
 * |                       IKE SA Responder's SPI                  |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Next Payload | MjVer | MnVer | Exchange Type |X X R V I X X X|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                          Message ID                           |
 * |                            Length                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>In GSA_REKEY the two SPIs are the 16 octets of the Rekey SA's SPI (RFC 9838 section 2.4.1).
 *
 * @param fromInitiator the I flag: the sender is the original initiator of the IKE SA
 * @param response the R flag
 * @param messageId unsigned 32 bits
 */
public record IkeHeader(
    IkeSpi initiatorSpi,
    IkeSpi responderSpi,
    ExchangeType exchange,
    boolean fromInitiator,
    boolean response,
    long messageId) {
  // From RFC 7296 section 3.1
  public static final int OCTETS = 28;
  static final int NEXT_PAYLOAD_AT = 16;
  static final int LENGTH_AT = 24;
  private static final int MAJOR_VERSION = 2;
  private static final int VERSION = MAJOR_VERSION << 4;
  private static final int FLAG_INITIATOR = 0x08;
  private static final int FLAG_RESPONSE = 0x20;

  // Ours: what fits a UDP datagram
  static final int MAX_MESSAGE_OCTETS = 65507;

  public IkeHeader {
    if (messageId < 0 || messageId > 0xffff_ffffL) {
      throw new IllegalArgumentException("message ID " + messageId);
    }
  }

  /** A header as it was on the wire. */
  record Decoded(IkeHeader header, int firstPayload) {}

  /** Reads the header of a message that is all of {@code in}. */
  static Decoded decode(ByteReader in) throws MalformedMessageException {
    int messageOctets = in.remaining();
    if (messageOctets < OCTETS || messageOctets > MAX_MESSAGE_OCTETS) {
      throw new MalformedMessageException("message: " + messageOctets + " octets");
    }
    IkeSpi initiatorSpi = new IkeSpi(in.u64("initiator SPI"));
    IkeSpi responderSpi = new IkeSpi(in.u64("responder SPI"));
    int firstPayload = in.u8("next payload");
    // section 2.5: the minor version is ignored
    int majorVersion = in.u8("version") >> 4;
    if (majorVersion != MAJOR_VERSION) {
      throw new UnsupportedVersionException(majorVersion);
    }
    int exchangeCode = in.u8("exchange type");
    ExchangeType exchange =
        ExchangeType.ofCode(exchangeCode)
            .orElseThrow(() -> new MalformedMessageException("exchange type " + exchangeCode));
    int flags = in.u8("flags"); // the X and V bits "MUST be ignored on receipt"
    long messageId = in.u32("message ID");
    long length = in.u32("length");
    if (length != messageOctets) {
      throw new MalformedMessageException("length: " + length + " of " + messageOctets);
    }
    requireSpi(exchange, initiatorSpi, responderSpi);
    return new Decoded(
        new IkeHeader(
            initiatorSpi,
            responderSpi,
            exchange,
            (flags & FLAG_INITIATOR) != 0,
            (flags & FLAG_RESPONSE) != 0,
            messageId),
        firstPayload);
  }

  /** "This value MUST NOT be zero"; GSA_REKEY has one SPI of 16 octets. */
  private static void requireSpi(ExchangeType exchange, IkeSpi initiator, IkeSpi responder)
      throws MalformedMessageException {
    if (initiator.isNone() && (exchange != ExchangeType.GSA_REKEY || responder.isNone())) {
      throw new MalformedMessageException("initiator SPI: 0");
    }
  }

  /** Writes the header of a message of {@code messageOctets} in all. */
  void encode(ByteWriter out, int firstPayload, int messageOctets) {
    out.u64(initiatorSpi.value()).u64(responderSpi.value());
    out.u8(firstPayload).u8(VERSION).u8(exchange.code());
    out.u8((fromInitiator ? FLAG_INITIATOR : 0) | (response ? FLAG_RESPONSE : 0));
    out.u32(messageId).u32(messageOctets);
  }

  /** The header of the answer to this request, sent by {@code responderSpi}. */
  public IkeHeader answer(IkeSpi newResponderSpi) {
    return new IkeHeader(initiatorSpi, newResponderSpi, exchange, !fromInitiator, true, messageId);
  }
}
