package org.keyfleet.agent.data;

import java.util.Arrays;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * An ESP packet before it is opened (RFC 4303 section 2, RFC 4106 section 3).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |               Security Parameters Index (SPI)                 |
 * |                      Sequence Number                          |
 * |             Initialization Vector (8 octets)                  |
 * ~   encrypted: payload data, padding, pad length, next header   ~
 * ~             Integrity Check Value (16 octets)                 ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param spi 256 to 2^32-1
 * @param iv the 8 octets as a number
 * @param sealed IV, ciphertext and ICV
 */
record EspPacket(long spi, long sequence, long iv, Bytes sealed) {
  // From RFC 4303 section 2 and RFC 4106 section 3
  static final int IV_OCTETS = 8;
  static final int ICV_OCTETS = 16;
  private static final int HEADER_OCTETS = 8;
  private static final int ALIGNMENT_OCTETS = 4;
  private static final int TRAILER_OCTETS = 2;
  private static final long FIRST_SPI = 256;

  // Ours: what a UDP datagram takes
  static final int MAX_OCTETS = 65_507;
  private static final int MIN_OCTETS = HEADER_OCTETS + IV_OCTETS + ALIGNMENT_OCTETS + ICV_OCTETS;

  /** The longest payload, inner headers included, that a packet takes. */
  static final int MAX_INNER_OCTETS =
      (MAX_OCTETS - HEADER_OCTETS - IV_OCTETS - ICV_OCTETS) / ALIGNMENT_OCTETS * ALIGNMENT_OCTETS
          - TRAILER_OCTETS;

  static EspPacket decode(Bytes datagram) throws MalformedMessageException {
    if (datagram.size() < MIN_OCTETS || datagram.size() > MAX_OCTETS) {
      throw new MalformedMessageException("ESP: " + datagram.size() + " octets");
    }
    ByteReader in = datagram.reader();
    long spi = in.u32("SPI");
    if (spi < FIRST_SPI) {
      throw new MalformedMessageException("ESP: reserved SPI " + spi);
    }
    long sequence = in.u32("sequence number");
    Bytes sealed = in.takeRest();
    return new EspPacket(spi, sequence, sealed.reader().u64("IV"), sealed);
  }

  /** What the ICV covers besides the ciphertext (RFC 4106 section 5, without ESN). */
  Bytes associatedData() {
    return associatedData(spi, sequence);
  }

  static Bytes associatedData(long spi, long sequence) {
    return new ByteWriter().u32(spi).u32(sequence).toBytes();
  }

  /** The plain text to seal: payload, padding 1, 2, 3, ..., pad length, next header. */
  static byte[] pad(Bytes payload, int nextHeader) {
    int padding = -(payload.size() + TRAILER_OCTETS) & (ALIGNMENT_OCTETS - 1);
    byte[] padded = new byte[payload.size() + padding + TRAILER_OCTETS];
    payload.copyTo(padded, 0);
    for (int i = 0; i < padding; i++) {
      padded[payload.size() + i] = (byte) (i + 1);
    }
    padded[padded.length - 2] = (byte) padding;
    padded[padded.length - 1] = (byte) nextHeader;
    return padded;
  }

  /** Payload and next header of an opened packet. */
  record Content(int nextHeader, Bytes payload) {}

  /** Takes padding off; {@code padded} is wiped. */
  static Content unpad(byte[] padded) throws MalformedMessageException {
    try {
      if (padded.length < TRAILER_OCTETS) {
        throw new MalformedMessageException("ESP content: " + padded.length + " octets");
      }
      int padding = padded[padded.length - 2] & 0xff;
      int payloadOctets = padded.length - TRAILER_OCTETS - padding;
      if (payloadOctets < 0) {
        throw new MalformedMessageException("ESP padding: " + padding);
      }
      // section 2.4: "the receiver SHOULD inspect the Padding field"
      for (int i = 0; i < padding; i++) {
        if (padded[payloadOctets + i] != (byte) (i + 1)) {
          throw new MalformedMessageException("ESP padding: not 1, 2, 3, ...");
        }
      }
      return new Content(padded[padded.length - 1] & 0xff, Bytes.copyOf(padded, 0, payloadOctets));
    } finally {
      Arrays.fill(padded, (byte) 0);
    }
  }
}
