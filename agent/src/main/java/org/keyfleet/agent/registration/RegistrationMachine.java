package org.keyfleet.agent.registration;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.AuthExchange.RefusedException;
import org.keyfleet.agent.registration.RegistrationState.AwaitAuth;
import org.keyfleet.agent.registration.RegistrationState.AwaitGroup;
import org.keyfleet.agent.registration.RegistrationState.AwaitInit;
import org.keyfleet.agent.registration.RegistrationState.AwaitSignature;
import org.keyfleet.agent.registration.RegistrationState.Established;
import org.keyfleet.agent.registration.RegistrationState.Failure;
import org.keyfleet.agent.registration.RegistrationState.Keyed;
import org.keyfleet.agent.registration.RegistrationState.Waiting;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.SignatureAuth;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * The member's side of the Registration SA: IKE_SA_INIT, GSA_AUTH or childless IKE_AUTH,
 * GSA_REGISTRATION, and the requests of the GCKS inside the IKE SA. It has no socket, no clock and
 * no thread; one thread calls it.
 *
 * <pre>
 *         Start            SA, KE, N              signed             GSA, KD
 *  Idle ────────▶ AwaitInit ────────▶ AwaitSignature ────▶ AwaitAuth ────────▶ Established
 *                 ▲   │ COOKIE,                                              │      ▲
 *                 └───┘ INVALID_KE                                Start, Stop ▼      │ response
 *                                                                        AwaitGroup ─┘
 * </pre>
 */
public final class RegistrationMachine implements AutoCloseable {
  private final RegistrationProfile profile;
  private final InitExchange init;
  private final AuthExchange auth;
  private final PeerRequests peerRequests;
  private final Progress progress = new Progress();
  private final Requests requests;
  private final GroupExchange group;
  private long ignored;

  public RegistrationMachine(RegistrationProfile profile, SecureRandom random) {
    this.profile = profile;
    this.init = new InitExchange(profile.suites(), random);
    this.auth = new AuthExchange(profile);
    this.peerRequests = new PeerRequests(profile.maxDatagramOctets());
    this.requests = new Requests(progress, profile, random);
    this.group = new GroupExchange(progress, requests, auth);
  }

  public RegistrationState state() {
    return progress.state();
  }

  /** Messages that fitted nothing: damaged, forged, late. */
  public long ignored() {
    return ignored;
  }

  /** When a {@link RegistrationEvent.Tick} is due; {@link Long#MAX_VALUE} when nothing waits. */
  public long nextDeadlineNanos() {
    long response =
        state() instanceof Waiting waiting
            ? waiting.request().retransmission().deadlineNanos()
            : Long.MAX_VALUE;
    return state() instanceof Keyed keyed
        ? Math.min(response, keyed.sa().keepalive().dueNanos())
        : response;
  }

  /** Handles one event and says what is to be done, in order. */
  public List<RegistrationAction> onEvent(RegistrationEvent event, long nowNanos) {
    if (event instanceof RegistrationEvent.Start start) {
      start(start, nowNanos);
    } else if (event instanceof RegistrationEvent.Received received) {
      received(received, nowNanos);
    } else if (event instanceof RegistrationEvent.Signed signed) {
      signed(signed.signature(), nowNanos);
    } else if (event instanceof RegistrationEvent.NotSigned not) {
      notSigned(not.why());
    } else if (event instanceof RegistrationEvent.PolicyRefused refused) {
      policyRefused(refused.why(), nowNanos);
    } else if (event instanceof RegistrationEvent.RekeyDone) {
      acknowledgeRekey();
    } else if (event instanceof RegistrationEvent.Tick) {
      tick(nowNanos);
    } else if (event instanceof RegistrationEvent.Stop) {
      stop();
    }
    return progress.take();
  }

  private void start(RegistrationEvent.Start start, long nowNanos) {
    if (state() instanceof Established standing && start.purpose() != Purpose.AUTHENTICATE) {
      group.ask(standing.sa(), start, nowNanos);
    } else {
      startAnew(start, nowNanos);
    }
  }

  private void startAnew(RegistrationEvent.Start start, long nowNanos) {
    state().wipe();
    send(init.start(start.purpose(), start.path()), "started", nowNanos);
  }

  private void send(InitAttempt attempt, String why, long nowNanos) {
    Outstanding request = requests.init(attempt, nowNanos);
    progress.to(new AwaitInit(attempt, request, Optional.empty()), why);
  }

  private void received(RegistrationEvent.Received received, long nowNanos) {
    try {
      InboundMessage message = InboundMessage.parse(received.message());
      if (message instanceof ClearMessage clear && state() instanceof AwaitInit waiting) {
        initResponse(waiting, clear, received.path(), nowNanos);
      } else if (message instanceof SealedMessage sealed && state() instanceof Keyed keyed) {
        sealed(keyed.sa(), sealed, nowNanos);
      } else {
        ignored++;
      }
    } catch (MalformedMessageException | NotAuthenticException e) {
      ignored++;
    }
  }

  private void initResponse(
      AwaitInit waiting, ClearMessage response, Optional<PathEnds> path, long nowNanos) {
    InitExchange.Outcome outcome = init.process(waiting.attempt(), response, path);
    if (outcome instanceof InitExchange.Outcome.Again again) {
      send(again.next(), "asked again", nowNanos);
    } else if (outcome instanceof InitExchange.Outcome.Hint hint) {
      // RFC 7296 section 2.21.1: "the recipient should continue trying for some time"
      progress.to(waiting.withHint(hint.failure()), hint.failure().text());
    } else if (outcome instanceof InitExchange.Outcome.Agreed agreed) {
      progress.to(new AwaitSignature(agreed.sa()), "keys agreed");
      authenticate(agreed.sa(), nowNanos);
    } else {
      ignored++;
    }
  }

  private void authenticate(IkeSa sa, long nowNanos) {
    try {
      auth.requireVerifiable(sa);
    } catch (RefusedException e) {
      progress.fail(e.failure());
      return;
    }
    if (sa.attempt().purpose() == Purpose.AUTHENTICATE && !sa.peer().childless()) {
      progress.fail(
          new Failure(FailureReason.PROTOCOL, "the peer takes no childless IKE_AUTH (RFC 6023)"));
      return;
    }
    progress.add(new RegistrationAction.Derived(sa)); // after what can fail and wipe the keys
    if (profile.credential() instanceof MemberCredential.Psk psk) {
      sendAuth(sa, auth.pskAuth(sa, psk), nowNanos);
    } else {
      progress.add(new RegistrationAction.Sign(auth.signedOctets(sa)));
    }
  }

  private void signed(Bytes signature, long nowNanos) {
    if (state() instanceof AwaitSignature waiting
        && profile.credential() instanceof MemberCredential.Certificate certificate) {
      sendAuth(waiting.sa(), SignatureAuth.of(certificate.scheme(), signature), nowNanos);
    }
  }

  private void notSigned(String why) {
    if (state() instanceof AwaitSignature) {
      progress.fail(new Failure(FailureReason.TOKEN, why));
    }
  }

  private void sendAuth(IkeSa sa, AuthPayload payload, long nowNanos) {
    Purpose purpose = sa.attempt().purpose();
    ExchangeType exchange =
        purpose == Purpose.REGISTER ? ExchangeType.GSA_AUTH : ExchangeType.IKE_AUTH;
    Outstanding request = requests.onNew(sa, exchange, auth.request(payload, purpose), nowNanos);
    progress.to(new AwaitAuth(sa, request), "authenticating");
  }

  private void sealed(IkeSa sa, SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    boolean response = message.header().response();
    if (!sa.owns(message.header())) {
      ignored++;
    } else if (response && state() instanceof Waiting waiting) {
      response(sa, waiting, message, nowNanos);
    } else if (!response && (state() instanceof Established || state() instanceof AwaitGroup)) {
      peerRequest(sa, message, nowNanos);
    } else {
      ignored++;
    }
  }

  private void response(IkeSa sa, Waiting before, SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    if (!before.request().isAnsweredBy(message.header())) {
      ignored++;
      return;
    }
    Optional<OpenedMessage> opened = sa.open(message, nowNanos);
    if (opened.isEmpty()) {
      return; // more fragments to come
    }
    PayloadList payloads = opened.get().payloads();
    if (before instanceof AwaitAuth) {
      authResponse(sa, payloads, nowNanos);
    } else if (before instanceof AwaitGroup waiting) {
      progress.to(new Established(sa), "answered");
      group.answered(sa, waiting.kind(), payloads, nowNanos);
    }
  }

  private void authResponse(IkeSa sa, PayloadList payloads, long nowNanos) {
    try {
      auth.verifyGcks(sa, payloads);
    } catch (RefusedException e) {
      // not the GCKS, or it does not believe us: the IKE SA is of no use
      progress.fail(e.failure());
      return;
    }
    progress.to(new Established(sa), "the GCKS is authenticated");
    if (sa.behindNat()) {
      sa.keepalive().begin(nowNanos);
    }
    switch (sa.attempt().purpose()) {
      case REGISTER -> group.registered(sa, payloads, nowNanos);
      case AUTHENTICATE -> progress.add(new RegistrationAction.Authenticated());
      case LEAVE -> group.leave(sa, nowNanos);
    }
  }

  private void policyRefused(String why, long nowNanos) {
    if (state() instanceof Established established) {
      group.refuse(established.sa(), why, nowNanos);
    }
  }

  private void peerRequest(IkeSa sa, SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    PeerRequests.Outcome outcome = peerRequests.received(sa, message, nowNanos);
    outcome.actions().forEach(progress::add);
    if (outcome.closed()) {
      group.closed(sa).ifPresent(lost -> startAnew(lost, nowNanos));
    }
  }

  private void acknowledgeRekey() {
    if (state() instanceof Keyed keyed) {
      peerRequests.acknowledge(keyed.sa()).forEach(progress::add);
    }
  }

  private void tick(long nowNanos) {
    if (state() instanceof Keyed keyed) {
      keyed.sa().expire(nowNanos);
      keyed.sa().keepalive().take(nowNanos).ifPresent(progress::add);
    }
    if (state() instanceof Waiting waiting
        && waiting.request().retransmission().isDue(nowNanos)
        && !requests.again(waiting, nowNanos)) {
      unanswered(waiting, nowNanos);
    }
  }

  private void unanswered(Waiting waiting, long nowNanos) {
    Failure failure = new Failure(FailureReason.NOT_REACHABLE, "the GCKS does not answer");
    if (waiting instanceof AwaitGroup request) {
      group.unanswered(request, failure).ifPresent(start -> startAnew(start, nowNanos));
    } else {
      progress.fail(waiting instanceof AwaitInit init ? init.hint().orElse(failure) : failure);
    }
  }

  /** Tells the GCKS that the IKE SA goes, if one stands, and forgets it. */
  private void stop() {
    if (state() instanceof Established established) {
      requests.goodbye(established.sa());
    }
    progress.end("stopped");
  }

  /** Wipes the keys without a word to the GCKS. */
  @Override
  public void close() {
    progress.end("closed");
  }
}
