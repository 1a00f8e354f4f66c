package org.keyfleet.agent.registration;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.RegistrationState.Keyed;
import org.keyfleet.agent.registration.RegistrationState.Waiting;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.octets.Bytes;

/** Sends our requests, and sends them again. */
final class Requests {
  /**
   * Ours: how often a request is sent on an IKE SA that stood before. After that, some 12 s, the
   * GCKS has probably restarted, and a new IKE SA costs less than patience.
   */
  private static final int STANDING_ATTEMPTS = 3;

  private final Progress progress;
  private final Retransmission.Policy patience;
  private final int maxDatagramOctets;
  private final SecureRandom random;

  Requests(Progress progress, RegistrationProfile profile, SecureRandom random) {
    this.progress = progress;
    this.patience = profile.retransmission();
    this.maxDatagramOctets = profile.maxDatagramOctets();
    this.random = random;
  }

  Outstanding init(InitAttempt attempt, long nowNanos) {
    Outstanding request =
        new Outstanding(
            List.of(attempt.message()),
            ExchangeType.IKE_SA_INIT,
            0,
            Retransmission.start(patience, nowNanos, random));
    progress.add(new RegistrationAction.Send(request.datagrams(), false));
    return request;
  }

  /** On an IKE SA that was just made. */
  Outstanding onNew(IkeSa sa, ExchangeType exchange, List<Payload> payloads, long nowNanos) {
    return send(sa, exchange, payloads, patience, nowNanos);
  }

  /** On an IKE SA that the GCKS may have forgotten. */
  Outstanding onStanding(IkeSa sa, ExchangeType exchange, List<Payload> payloads, long nowNanos) {
    Retransmission.Policy shorter =
        new Retransmission.Policy(
            patience.firstNanos(),
            patience.factor(),
            Math.min(patience.attempts(), STANDING_ATTEMPTS),
            patience.jitter());
    return send(sa, exchange, payloads, shorter, nowNanos);
  }

  private Outstanding send(
      IkeSa sa,
      ExchangeType exchange,
      List<Payload> payloads,
      Retransmission.Policy policy,
      long nowNanos) {
    long messageId = sa.nextRequestId();
    List<Bytes> datagrams = sa.request(exchange, payloads, maxDatagramOctets);
    progress.add(new RegistrationAction.Send(datagrams, sa.natPort()));
    return new Outstanding(
        datagrams, exchange, messageId, Retransmission.start(policy, nowNanos, random));
  }

  /**
   * Sends the outstanding request once more.
   *
   * @return false when it was sent often enough
   */
  boolean again(Waiting state, long nowNanos) {
    Outstanding request = state.request();
    Optional<Retransmission> next = request.retransmission().next(nowNanos, random);
    if (next.isEmpty()) {
      return false;
    }
    boolean natPort = state instanceof Keyed keyed && keyed.sa().natPort();
    progress.add(new RegistrationAction.Send(request.datagrams(), natPort));
    progress.to(state.with(request.with(next.get())), "sent again");
    return true;
  }

  /** Tells the GCKS that the IKE SA goes; nobody waits for its answer. */
  void goodbye(IkeSa sa) {
    List<Bytes> datagrams =
        sa.request(ExchangeType.INFORMATIONAL, PeerRequests.deleteIkeSa(), maxDatagramOctets);
    progress.add(new RegistrationAction.Send(datagrams, sa.natPort()));
  }
}
