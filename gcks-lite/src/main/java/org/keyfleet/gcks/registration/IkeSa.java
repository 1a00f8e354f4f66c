package org.keyfleet.gcks.registration;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.KeySchedule;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.Reassembler;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/** One IKE SA at the responder. The responder's thread alone uses it. */
final class IkeSa implements AutoCloseable {
  /** How far it has come. */
  enum Phase {
    /** IKE_SA_INIT is answered, nobody is authenticated. */
    HALF_OPEN,
    /** The group is asked; no other request is answered meanwhile. */
    DECIDING,
    /** The peer is authenticated. */
    OPEN,
    /** Over: only the last response is still repeated. */
    CLOSED
  }

  /**
   * A request of ours on its way.
   *
   * @param last whether the SA ends with it
   */
  record Outgoing(
      ExchangeType exchange,
      long messageId,
      List<Bytes> datagrams,
      Retransmission retransmission,
      boolean last) {}

  /** A request of ours that waits for the one before. */
  record Waiting(ExchangeType exchange, List<Payload> payloads, boolean last) {}

  final IkeSpi initiatorSpi;
  final IkeSpi responderSpi;
  final InitRecord init;
  final Bytes source;
  final Bytes network;
  final Set<String> groups = new HashSet<>();
  final Deque<Waiting> waiting = new ArrayDeque<>();
  PeerPath path;
  Phase phase = Phase.HALF_OPEN;
  long deadlineNanos;
  boolean kept;

  /** Message ID that the next request of the peer has (RFC 7296 section 2.2). */
  long expectedId = 1;

  List<Bytes> lastResponse;

  /** The request that {@link #lastResponse} answers; of a fragmented one the first fragment. */
  Bytes lastRequest;

  /** First fragment of a request that is not complete. */
  Bytes firstFragment = Bytes.EMPTY;

  Optional<AuthenticPeer> peer = Optional.empty();
  @Nullable IkeSaKeys keys;
  @Nullable SkProtection protection;
  @Nullable SecretBytes gskW;
  @Nullable Outgoing outgoing;
  @Nullable PendingAnswer pending;
  long nextOwnId;

  /** An answer that waits for the group. */
  record PendingAnswer(IkeHeader request, List<Payload> first, String group) {}

  IkeSa(
      IkeSpi initiatorSpi,
      IkeSpi responderSpi,
      InitRecord init,
      PeerPath path,
      long deadlineNanos) {
    this.initiatorSpi = initiatorSpi;
    this.responderSpi = responderSpi;
    this.init = init;
    this.path = path;
    this.source = path.source();
    this.network = path.network();
    this.deadlineNanos = deadlineNanos;
    this.lastResponse = List.of(init.response());
    this.lastRequest = init.request();
  }

  /**
   * The protection of the SA, made when its first protected message comes: an initiator that only
   * sends IKE_SA_INIT costs no key agreement.
   *
   * @throws MalformedMessageException when the peer's public value is no good
   */
  SkProtection protect(SecureRandom random) throws MalformedMessageException {
    if (protection != null) {
      return protection;
    }
    try (SecretBytes shared = init.share().agree(init.peerValue())) {
      IkeSaKeys fresh =
          KeySchedule.derive(
              init.suite().prf(),
              init.suite().cipher(),
              init.initiatorNonce(),
              init.responderNonce(),
              initiatorSpi,
              responderSpi,
              shared);
      keys = fresh;
      SkProtection made =
          SkProtection.of(init.suite().cipher(), fresh, false, init.fragmentation(), random);
      made.limitFragments(ResponderLimits.UNAUTHENTICATED_OCTETS);
      protection = made;
      init.share().close();
      return made;
    }
  }

  /** Whether a request is the next one, and small enough for what we know of its sender. */
  boolean takes(SealedMessage request) {
    boolean busy = phase == Phase.DECIDING || phase == Phase.CLOSED;
    boolean small =
        phase != Phase.HALF_OPEN
            || request.octets().size() <= ResponderLimits.UNAUTHENTICATED_OCTETS;
    return !busy && small && request.header().messageId() == expectedId;
  }

  /** The peer has proved who it is. */
  void authenticated(AuthenticPeer proved) {
    peer = Optional.of(proved);
    phase = Phase.OPEN;
    if (protection != null) {
      protection.limitFragments(Reassembler.MAX_MESSAGE_OCTETS);
    }
  }

  /** Whether the peer is authenticated and the SA is not over: it is told of its groups' news. */
  boolean stands() {
    return phase == Phase.OPEN || phase == Phase.DECIDING;
  }

  /** Keys leave memory; what was sealed last can still be repeated. */
  @Override
  public void close() {
    phase = Phase.CLOSED;
    outgoing = null;
    pending = null;
    waiting.clear();
    init.share().close();
    if (keys != null) {
      keys.close();
    }
    if (protection != null) {
      protection.close();
    }
    if (gskW != null) {
      gskW.close();
    }
  }
}
