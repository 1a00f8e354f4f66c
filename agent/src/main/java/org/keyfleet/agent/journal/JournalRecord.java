package org.keyfleet.agent.journal;

import java.util.zip.CRC32C;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * One record of a journal.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 Length of all that follows                    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Sequence (8 octets)                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Type      |                   Body                        ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          CRC-32C of sequence, type, body, MAC                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   MAC (16 octets) of the previous MAC, sequence, type, body   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param sequence counts the records of one journal from 0
 * @param type the owner's, 0 to 255
 * @param mac chains the record to the one before it
 */
record JournalRecord(long sequence, int type, Bytes body, Bytes mac) {
  static final int MAC_OCTETS = 16;
  static final int LENGTH_OCTETS = 4;
  private static final int CRC_OCTETS = 4;
  private static final int FIXED_OCTETS = 8 + 1 + CRC_OCTETS + MAC_OCTETS;
  static final int MAX_BODY_OCTETS = 256 * 1024;

  JournalRecord {
    if (sequence < 0 || type < 0 || type > 0xff || body.size() > MAX_BODY_OCTETS) {
      throw new IllegalArgumentException("journal record " + sequence + " of type " + type);
    }
    if (mac.size() != MAC_OCTETS) {
      throw new IllegalArgumentException("journal MAC of " + mac.size() + " octets");
    }
  }

  /** Reads a record whose octets are all there, its length excluded. */
  static JournalRecord decode(Bytes octets) throws MalformedMessageException {
    int bodyOctets = octets.size() - FIXED_OCTETS;
    if (bodyOctets < 0 || bodyOctets > MAX_BODY_OCTETS) {
      throw new MalformedMessageException("journal record: " + octets.size() + " octets");
    }
    ByteReader in = octets.reader();
    long sequence = in.u64("sequence");
    int type = in.u8("type");
    Bytes body = in.take(bodyOctets, "body");
    long crc = in.u32("CRC");
    Bytes mac = in.take(MAC_OCTETS, "MAC");
    in.expectEnd("journal record");
    if (sequence < 0 || crc != crc(macInput(Bytes.EMPTY, sequence, type, body), mac)) {
      throw new MalformedMessageException("journal record: CRC");
    }
    return new JournalRecord(sequence, type, body, mac);
  }

  /** Whether {@code length}, the first four octets of a record, can be one. */
  static boolean isLength(long length) {
    return length >= FIXED_OCTETS && length <= FIXED_OCTETS + MAX_BODY_OCTETS;
  }

  Bytes encode() {
    Bytes protectedPart = macInput(Bytes.EMPTY, sequence, type, body);
    return new ByteWriter()
        .u32(protectedPart.size() + CRC_OCTETS + MAC_OCTETS)
        .bytes(protectedPart)
        .u32(crc(protectedPart, mac))
        .bytes(mac)
        .toBytes();
  }

  static Bytes macInput(Bytes previousMac, long sequence, int type, Bytes body) {
    return new ByteWriter().bytes(previousMac).u64(sequence).u8(type).bytes(body).toBytes();
  }

  private static long crc(Bytes protectedPart, Bytes mac) {
    CRC32C crc = new CRC32C();
    crc.update(protectedPart.toArray());
    crc.update(mac.toArray());
    return crc.getValue();
  }
}
