package org.keyfleet.agent.journal;

import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The first octets of a journal: magic, version, and the name of the persistent key that the record
 * key is derived from. It needs no check of its own: with another root no record is authentic.
 *
 * @param nonce random, so that two journals under one root never share a MAC
 */
public record JournalHeader(KeyName root, Bytes nonce) {
  /** "KFJ" and the version. */
  private static final long MAGIC = 0x4b464a01L;

  private static final long MAGIC_MASK = 0xffffff00L;
  public static final int NONCE_OCTETS = 16;

  /** The longest header: magic, nonce, two lengths, label, id. */
  static final int MAX_OCTETS = 4 + NONCE_OCTETS + 2 + 64 + 32;

  public JournalHeader {
    if (nonce.size() != NONCE_OCTETS) {
      throw new IllegalArgumentException("journal nonce of " + nonce.size() + " octets");
    }
  }

  static JournalHeader decode(ByteReader in) throws MalformedMessageException, JournalException {
    long magic = in.u32("magic");
    if ((magic & MAGIC_MASK) == (MAGIC & MAGIC_MASK) && magic != MAGIC) {
      throw new JournalException(
          JournalException.Reason.UNKNOWN_VERSION, "journal of version " + (magic & 0xff));
    }
    if (magic != MAGIC) {
      throw new MalformedMessageException("journal: magic");
    }
    Bytes nonce = in.take(NONCE_OCTETS, "nonce");
    String label = in.take(in.u8("label length"), "label").utf8();
    Bytes id = in.take(in.u8("id length"), "id");
    try {
      return new JournalHeader(new KeyName(label, id), nonce);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("journal: name of the root key");
    }
  }

  Bytes encode() {
    Bytes label = Bytes.ofUtf8(root.label());
    return new ByteWriter()
        .u32(MAGIC)
        .bytes(nonce)
        .u8(label.size())
        .bytes(label)
        .u8(root.id().size())
        .bytes(root.id())
        .toBytes();
  }
}
