package org.keyfleet.protocol.gikev2;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * A key under another key (RFC 9838 section 4.5.4); appendix A writes it {@code kwkId{keyId}}. Key
 * IDs name versions of keys: the GCKS uses a new one for each new key of a group.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            Key ID                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            KWK ID                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                         Encrypted Key                         ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param keyId unsigned 32 bits; {@link #SA_KEYING_MATERIAL} for the keys of an SA
 * @param kwkId unsigned 32 bits; {@link #DEFAULT_KWK} for GSK_w
 * @param encryptedKey what the Key Wrap Algorithm made, 1 to 512 octets; empty in a key that is not
 *     wrapped but derived ({@link #derived}), which never stands in a message
 */
public record WrappedKey(long keyId, long kwkId, Bytes encryptedKey) {
  /** Key ID 0: "the encrypted key contains SA keys". */
  public static final long SA_KEYING_MATERIAL = 0;

  /** KWK ID 0: "the default KWK was used to encrypt the key", GSK_w. */
  public static final long DEFAULT_KWK = 0;

  // Ours: section 4.4.2.1.2 asks algorithms for 256 octets of key
  private static final int MAX_ENCRYPTED_OCTETS = 512;

  public WrappedKey {
    if (!isId(keyId) || !isId(kwkId)) {
      throw new IllegalArgumentException("wrapped key " + keyId + " under " + kwkId);
    }
    if (encryptedKey.size() > MAX_ENCRYPTED_OCTETS) {
      throw new IllegalArgumentException("wrapped key of " + encryptedKey.size() + " octets");
    }
    if (encryptedKey.isEmpty() && (keyId == SA_KEYING_MATERIAL || kwkId == DEFAULT_KWK)) {
      throw new IllegalArgumentException("key " + keyId + " without octets under " + kwkId);
    }
  }

  /** The key {@code keyId} as one that {@link KfChain} derives from the key {@code fromId}. */
  public static WrappedKey derived(long keyId, long fromId) {
    return new WrappedKey(keyId, fromId, Bytes.EMPTY);
  }

  /** Whether it is computed from the key {@link #kwkId}, instead of unwrapped under it. */
  public boolean isDerived() {
    return encryptedKey.isEmpty();
  }

  static WrappedKey decode(Bytes attribute) throws MalformedMessageException {
    ByteReader in = attribute.reader();
    long keyId = in.u32("Key ID");
    long kwkId = in.u32("KWK ID");
    int octets = in.remaining();
    if (octets == 0 || octets > MAX_ENCRYPTED_OCTETS) {
      throw new MalformedMessageException("Encrypted Key: " + octets + " octets");
    }
    return new WrappedKey(keyId, kwkId, in.takeRest());
  }

  Bytes encode() {
    if (isDerived()) {
      throw new IllegalStateException("a derived key has no octets to send");
    }
    return new ByteWriter().u32(keyId).u32(kwkId).bytes(encryptedKey).toBytes();
  }

  private static boolean isId(long id) {
    return id >= 0 && id <= 0xffff_ffffL;
  }

  /** Appendix A's notation. */
  @Override
  public String toString() {
    return (kwkId == DEFAULT_KWK ? "GSK_w" : Long.toString(kwkId))
        + "{"
        + (keyId == SA_KEYING_MATERIAL ? "K_sa" : Long.toString(keyId))
        + "}";
  }
}
