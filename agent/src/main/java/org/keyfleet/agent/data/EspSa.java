package org.keyfleet.agent.data;

import java.io.IOException;
import java.util.Optional;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * One Data-Security SA: inbound for everybody, outbound for a sender (RFC 9838 section 2.3.3).
 * Times are nanoseconds of the agent's clock.
 */
final class EspSa implements AutoCloseable {
  /** A time that does not come. */
  static final long NEVER = Long.MAX_VALUE;

  private final DataSaPolicy policy;
  private final boolean tunnel;
  private final EspKeys keys;
  private final SaNumbers numbers;
  private final Optional<SenderRole> sender;
  private final Optional<SendCounter> counter;
  private final boolean heldBack;
  private final long sinceNanos;
  private final long sendFromNanos;
  private final long expiresNanos;
  private long retireNanos = NEVER;
  private long packetsIn;
  private long packetsOut;

  /**
   * @param numbers of this key so far
   * @param heldBack whether nothing may be sent over it, whoever we are
   */
  EspSa(DataSaInstall install, EspKeys keys, SaNumbers numbers, boolean heldBack) {
    this.policy = install.policy();
    this.tunnel = install.tunnel();
    this.keys = keys;
    this.numbers = numbers;
    this.sender = install.sender();
    this.counter = sender.map(role -> numbers.counter(role, install.firstFreeCounter()));
    this.heldBack = heldBack;
    if (!heldBack) {
      counter.ifPresent(SendCounter::reserveAhead);
    }
    this.sinceNanos = install.sinceNanos();
    this.sendFromNanos = install.sendFromNanos();
    this.expiresNanos = install.expiresNanos();
  }

  DataSaPolicy policy() {
    return policy;
  }

  long spi() {
    return DataSaInstall.spi(policy);
  }

  /** Whether a packet of this SA takes {@code payload}. */
  boolean fits(Bytes payload) {
    return InnerDatagram.fits(payload.size(), tunnel, policy.destination().start());
  }

  /** Seals a datagram that fits. */
  Bytes seal(Bytes payload, int sourcePort, Bytes sourceAddress) throws IOException {
    SenderRole role =
        sender.orElseThrow(() -> new IllegalStateException("not a sender of this SA"));
    InnerDatagram datagram =
        new InnerDatagram(sourcePort, policy.destination().startPort(), payload);
    InnerDatagram.Encoded inner =
        datagram.encode(tunnel, sourceAddress, policy.destination().start());
    long number = counter.orElseThrow().take();
    Bytes packet =
        keys.seal(
            spi(), number, role.iv(number), EspPacket.pad(inner.octets(), inner.nextHeader()));
    packetsOut++;
    return packet;
  }

  /**
   * Opens a packet of this SA.
   *
   * @return empty for a replay or our own packet
   */
  Optional<InnerDatagram> open(EspPacket packet, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    if (numbers.isOurs(packet.iv())) {
      return Optional.empty();
    }
    ReplayGuard replay = numbers.replay();
    // RFC 4303 section 3.4.3: before the ICV, "to reject duplicates as quickly as possible"
    if (!replay.mayBeNew(packet.iv(), packet.sequence())) {
      return Optional.empty();
    }
    EspPacket.Content content = keys.open(packet);
    if (!replay.accept(packet.iv(), packet.sequence())) {
      return Optional.empty();
    }
    numbers.marks().received(replay.sender(packet.iv()), packet.sequence(), nowNanos);
    InnerDatagram datagram = InnerDatagram.decode(tunnel, content, policy.destination());
    packetsIn++;
    return Optional.of(datagram);
  }

  /** Whether packets may be sealed with it now: activated, not at its end, numbers left. */
  boolean canSend(long nowNanos) {
    return isSender()
        && !heldBack
        && nowNanos >= sendFromNanos
        && nowNanos < endNanos()
        && !exhausted();
  }

  boolean isSender() {
    return sender.isPresent();
  }

  boolean exhausted() {
    return counter.isPresent() && counter.get().exhausted();
  }

  /** Whether it would send, but for a journal that may be an old copy. */
  boolean heldBack() {
    return isSender() && heldBack;
  }

  /** Ends it at {@code nanos}, or earlier if that is settled already. */
  void retireAt(long nanos) {
    retireNanos = Math.min(retireNanos, nanos);
  }

  boolean retiring() {
    return retireNanos != NEVER;
  }

  /** When its key must be gone: the end of its lifetime, or DTD after its deletion. */
  long endNanos() {
    return Math.min(retireNanos, expiresNanos);
  }

  long sinceNanos() {
    return sinceNanos;
  }

  long sendFromNanos() {
    return sendFromNanos;
  }

  long firstFreeCounter() {
    return counter.map(SendCounter::firstFree).orElse(1L);
  }

  SaNumbers numbers() {
    return numbers;
  }

  long packetsIn() {
    return packetsIn;
  }

  long packetsOut() {
    return packetsOut;
  }

  boolean tunnel() {
    return tunnel;
  }

  /** A copy of the key, for the journal's wrapped form; the caller closes it. */
  SecretBytes copyKey() {
    return keys.copy();
  }

  @Override
  public void close() {
    keys.close();
  }
}
