package org.keyfleet.gcks.registration;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.octets.Bytes;

/** Requests that the server starts: one at a time on each IKE SA (RFC 7296 sections 2.1 to 2.3). */
final class OwnRequests {
  private final ResponderLimits limits;
  private final SecureRandom random;

  OwnRequests(ResponderLimits limits, SecureRandom random) {
    this.limits = limits;
    this.random = random;
  }

  /** "By convention, the GCKS closes the IKE SA" (RFC 9838 section 2.3.3). */
  List<ResponderAction> delete(IkeSa sa, long nowNanos) {
    sa.waiting.add(
        new IkeSa.Waiting(ExchangeType.INFORMATIONAL, List.of(DeletePayload.ikeSa()), true));
    return next(sa, nowNanos);
  }

  List<ResponderAction> inbandRekey(IkeSa sa, List<Payload> payloads, long nowNanos) {
    sa.waiting.add(new IkeSa.Waiting(ExchangeType.GSA_INBAND_REKEY, payloads, false));
    return next(sa, nowNanos);
  }

  /** Whether a delete is on its way or waits. */
  static boolean ending(IkeSa sa) {
    return (sa.outgoing != null && sa.outgoing.last())
        || sa.waiting.stream().anyMatch(IkeSa.Waiting::last);
  }

  /** Sends the next request when none is on its way. */
  List<ResponderAction> next(IkeSa sa, long nowNanos) {
    SkProtection protection = sa.protection;
    if (sa.outgoing != null || sa.waiting.isEmpty() || protection == null) {
      return List.of();
    }
    IkeSa.Waiting request = sa.waiting.remove();
    long id = sa.nextOwnId++;
    IkeHeader header =
        new IkeHeader(sa.initiatorSpi, sa.responderSpi, request.exchange(), false, false, id);
    List<Bytes> datagrams = protection.seal(header, request.payloads(), limits.fragmentOctets());
    Retransmission retransmission =
        Retransmission.start(Retransmission.Policy.STANDARD, nowNanos, random);
    sa.outgoing =
        new IkeSa.Outgoing(request.exchange(), id, datagrams, retransmission, request.last());
    return List.of(new ResponderAction.Send(sa.path, datagrams));
  }

  /**
   * Sends again what is due.
   *
   * @return empty when the peer does not answer any more
   */
  Optional<List<ResponderAction>> retransmit(IkeSa sa, long nowNanos) {
    IkeSa.Outgoing outgoing = sa.outgoing;
    if (outgoing == null || !outgoing.retransmission().isDue(nowNanos)) {
      return Optional.of(List.of());
    }
    Optional<Retransmission> next = outgoing.retransmission().next(nowNanos, random);
    if (next.isEmpty()) {
      return Optional.empty();
    }
    sa.outgoing =
        new IkeSa.Outgoing(
            outgoing.exchange(),
            outgoing.messageId(),
            outgoing.datagrams(),
            next.get(),
            outgoing.last());
    return Optional.of(List.of(new ResponderAction.Send(sa.path, outgoing.datagrams())));
  }
}
