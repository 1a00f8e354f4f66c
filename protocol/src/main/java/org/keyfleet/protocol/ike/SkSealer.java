package org.keyfleet.protocol.ike;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SkCipher;

/**
 * Puts messages into SK payloads (RFC 7296 section 3.14), or into SKF payloads when they are too
 * long for one datagram (RFC 7383 section 2.5). Holds the keys of one direction.
 */
public final class SkSealer implements AutoCloseable {
  /** Less than this for content in each datagram means that the limit is a mistake. */
  private static final int MIN_FRAGMENT_CONTENT_OCTETS = 16;

  private final SkCipher cipher;
  private final SecretBytes encryptionKey;
  private final SecretBytes integrityKey;
  private final IvSource ivs;

  /** Takes both keys over and wipes them on close; the integrity key of an AEAD cipher is empty. */
  public SkSealer(
      SkCipher cipher, SecretBytes encryptionKey, SecretBytes integrityKey, IvSource ivs) {
    this.cipher = cipher;
    this.encryptionKey = encryptionKey;
    this.integrityKey = integrityKey;
    this.ivs = ivs;
  }

  /** One message in one SK payload, however long. */
  public Bytes sealWhole(IkeHeader header, List<Payload> payloads) {
    Bytes chain = PayloadChain.encode(payloads);
    return seal(header, PayloadChain.firstType(payloads), 0, 0, chain);
  }

  /**
   * One message in as few datagrams as it takes: whole in an SK payload when that fits, else in SKF
   * payloads. Use it only when both peers announced fragmentation, or all members of the group did.
   *
   * @param maxDatagramOctets longest IKE message, without IP and UDP headers and the non-ESP marker
   */
  public List<Bytes> seal(IkeHeader header, List<Payload> payloads, int maxDatagramOctets) {
    Bytes chain = PayloadChain.encode(payloads);
    int firstType = PayloadChain.firstType(payloads);
    int whole = IkeHeader.OCTETS + SealedBody.SK_HEADER_OCTETS + sealedOctets(chain.size());
    if (whole <= maxDatagramOctets) {
      return List.of(seal(header, firstType, 0, 0, chain));
    }
    int chunkOctets = chunkOctets(maxDatagramOctets);
    int total = (chain.size() + chunkOctets - 1) / chunkOctets;
    if (total > Reassembler.MAX_FRAGMENTS) {
      throw new IllegalArgumentException(total + " fragments of " + maxDatagramOctets + " octets");
    }
    List<Bytes> fragments = new ArrayList<>(total);
    for (int number = 1; number <= total; number++) {
      int from = (number - 1) * chunkOctets;
      Bytes chunk = chain.slice(from, Math.min(from + chunkOctets, chain.size()));
      // RFC 7383 section 2.5: only the first fragment names the first inner payload
      int next = number == 1 ? firstType : PayloadType.NO_NEXT_PAYLOAD;
      fragments.add(seal(header, next, number, total, chunk));
    }
    return fragments;
  }

  @Override
  public void close() {
    encryptionKey.close();
    integrityKey.close();
  }

  private Bytes seal(IkeHeader header, int nextType, int fragment, int total, Bytes content) {
    boolean whole = total == 0;
    int headerOctets = whole ? SealedBody.SK_HEADER_OCTETS : SealedBody.SKF_HEADER_OCTETS;
    int sealedOctets = sealedOctets(content.size());
    ByteWriter out = new ByteWriter();
    header.encode(
        out,
        (whole ? PayloadType.SK : PayloadType.SKF).code(),
        IkeHeader.OCTETS + headerOctets + sealedOctets);
    SealedBody.encodeHeader(out, nextType, fragment, total, sealedOctets);
    Bytes associatedData = out.toBytes();
    Bytes iv = ivs.iv(header.messageId(), fragment);
    Bytes sealed = cipher.seal(encryptionKey, integrityKey, iv, associatedData, padded(content));
    return out.bytes(sealed).toBytes();
  }

  /** Content, padding, pad length: RFC 7296 section 3.14; "MAY contain any value", so zeros. */
  private byte[] padded(Bytes content) {
    int padOctets = padOctets(content.size());
    return new ByteWriter().bytes(content).zeros(padOctets).u8(padOctets).toArray();
  }

  private int padOctets(int contentOctets) {
    int over = (contentOctets + 1) % cipher.blockOctets();
    return over == 0 ? 0 : cipher.blockOctets() - over;
  }

  private int sealedOctets(int contentOctets) {
    int plaintext = contentOctets + padOctets(contentOctets) + 1;
    return cipher.ivOctets() + plaintext + cipher.icvOctets();
  }

  private int chunkOctets(int maxDatagramOctets) {
    int overhead =
        IkeHeader.OCTETS + SealedBody.SKF_HEADER_OCTETS + cipher.ivOctets() + cipher.icvOctets();
    int plaintext = maxDatagramOctets - overhead;
    int content = plaintext - Math.floorMod(plaintext, cipher.blockOctets()) - 1;
    if (content < MIN_FRAGMENT_CONTENT_OCTETS) {
      throw new IllegalArgumentException("datagrams of " + maxDatagramOctets + " octets");
    }
    return content;
  }
}
