package org.keyfleet.protocol.ike;

import java.util.Arrays;
import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SkCipher;

/**
 * Opens SK and SKF payloads (RFC 7296 section 3.14, RFC 7383 section 2.6). Holds the keys of one
 * direction. Nothing is kept of a message whose ICV is wrong.
 */
public final class SkOpener implements AutoCloseable {
  private final SkCipher cipher;
  private final SecretBytes encryptionKey;
  private final SecretBytes integrityKey;
  private final Optional<Reassembler> reassembler;

  /**
   * Takes both keys over and wipes them on close; the integrity key of an AEAD cipher is empty.
   *
   * @param reassembler empty when fragmentation was not negotiated: fragments are refused then
   */
  public SkOpener(
      SkCipher cipher,
      SecretBytes encryptionKey,
      SecretBytes integrityKey,
      Optional<Reassembler> reassembler) {
    this.cipher = cipher;
    this.encryptionKey = encryptionKey;
    this.integrityKey = integrityKey;
    this.reassembler = reassembler;
  }

  /**
   * Verifies and decrypts one message.
   *
   * @return the message, or empty for a fragment whose message is not complete yet
   * @throws NotAuthenticException when the ICV is wrong: drop the datagram and say nothing
   * @throws MalformedMessageException when the sender is authentic and what it sent is wrong
   */
  public Optional<OpenedMessage> open(SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    if (!message.body().isFragment()) {
      Bytes content = content(message);
      Bytes header = message.octets().slice(0, IkeHeader.OCTETS);
      return Optional.of(OpenedMessage.decode(message.header(), header, message.body(), content));
    }
    Reassembler fragments = reassembler.orElseThrow(NotAuthenticException::new);
    if (!fragments.wants(message, nowNanos)) {
      return Optional.empty();
    }
    return fragments.add(message, content(message), nowNanos);
  }

  /** Whether {@link #open} will look at a message: copies and fragments of too many it drops. */
  public boolean wants(SealedMessage message, long nowNanos) {
    return !message.body().isFragment()
        || (reassembler.isPresent() && reassembler.get().wants(message, nowNanos));
  }

  /** Takes messages in fragments up to this size; 64 KiB until it is called. */
  public void limitFragments(int maxMessageOctets) {
    reassembler.ifPresent(fragments -> fragments.limit(maxMessageOctets));
  }

  /** Forgets fragments that waited too long; call it from a timer. */
  public void expire(long nowNanos) {
    reassembler.ifPresent(fragments -> fragments.expire(nowNanos));
  }

  @Override
  public void close() {
    encryptionKey.close();
    integrityKey.close();
    reassembler.ifPresent(Reassembler::clear);
  }

  /** The plaintext without its padding, whose content is any. */
  private Bytes content(SealedMessage message)
      throws NotAuthenticException, MalformedMessageException {
    byte[] plaintext =
        cipher.open(encryptionKey, integrityKey, message.associatedData(), message.body().sealed());
    try {
      int padOctets = plaintext.length == 0 ? 0 : plaintext[plaintext.length - 1] & 0xff;
      int contentOctets = plaintext.length - 1 - padOctets;
      if (contentOctets < 0) {
        throw new MalformedMessageException("pad length: " + padOctets + " of " + plaintext.length);
      }
      return Bytes.copyOf(plaintext, 0, contentOctets);
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }
}
