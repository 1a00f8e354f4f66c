package org.keyfleet.protocol.ike;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SkCipher;

/** Both directions of an IKE SA: seals what we send, opens what the peer sends. */
public final class SkProtection implements AutoCloseable {
  // Ours: one request and one response at a time (window size 1, RFC 7296 section 2.3)
  private static final int MAX_INCOMPLETE_MESSAGES = 2;

  /** How long a peer may take for all fragments of one message: 30 s. */
  private static final long FRAGMENTS_TIMEOUT_NANOS = 30_000_000_000L;

  private final SkSealer sealer;
  private final SkOpener opener;
  private final boolean fragmentation;

  private SkProtection(SkSealer sealer, SkOpener opener, boolean fragmentation) {
    this.sealer = sealer;
    this.opener = opener;
    this.fragmentation = fragmentation;
  }

  /**
   * The protection of one end of an IKE SA. It copies the keys it needs; {@code keys} stays open.
   *
   * @param initiator whether we are the original initiator
   * @param fragmentation whether both peers sent IKEV2_FRAGMENTATION_SUPPORTED
   * @param random for the IVs of CBC ciphers
   */
  public static SkProtection of(
      SkCipher cipher,
      IkeSaKeys keys,
      boolean initiator,
      boolean fragmentation,
      SecureRandom random) {
    IvSource ivs = cipher.aead() ? IvSource.counter() : IvSource.random(random, cipher.ivOctets());
    Optional<Reassembler> reassembler =
        fragmentation
            ? Optional.of(new Reassembler(MAX_INCOMPLETE_MESSAGES, FRAGMENTS_TIMEOUT_NANOS))
            : Optional.empty();
    return initiator
        ? new SkProtection(
            new SkSealer(cipher, keys.ei().copy(), keys.ai().copy(), ivs),
            new SkOpener(cipher, keys.er().copy(), keys.ar().copy(), reassembler),
            fragmentation)
        : new SkProtection(
            new SkSealer(cipher, keys.er().copy(), keys.ar().copy(), ivs),
            new SkOpener(cipher, keys.ei().copy(), keys.ai().copy(), reassembler),
            fragmentation);
  }

  /**
   * Seals one message, in fragments when it is longer than {@code maxDatagramOctets} and both peers
   * support them. A retransmission sends the same datagrams again and never seals anew.
   */
  public List<Bytes> seal(IkeHeader header, List<Payload> payloads, int maxDatagramOctets) {
    return fragmentation
        ? sealer.seal(header, payloads, maxDatagramOctets)
        : List.of(sealer.sealWhole(header, payloads));
  }

  /**
   * Opens one message of the peer, see {@link SkOpener#open}. The caller has checked SPIs, flags
   * and Message ID: those of the header are authentic only when this returns.
   */
  public Optional<OpenedMessage> open(SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    return opener.open(message, nowNanos);
  }

  /** Whether {@link #open} will look at a message: copies and fragments of too many it drops. */
  public boolean wants(SealedMessage message, long nowNanos) {
    return opener.wants(message, nowNanos);
  }

  /** Takes messages in fragments up to this size; 64 KiB until it is called. */
  public void limitFragments(int maxMessageOctets) {
    opener.limitFragments(maxMessageOctets);
  }

  /** Forgets fragments that waited too long; call it from a timer. */
  public void expire(long nowNanos) {
    opener.expire(nowNanos);
  }

  @Override
  public void close() {
    sealer.close();
    opener.close();
  }
}
