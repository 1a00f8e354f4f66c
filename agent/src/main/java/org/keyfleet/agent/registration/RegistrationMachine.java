package org.keyfleet.agent.registration;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.registration.AuthExchange.RefusedException;
import org.keyfleet.agent.registration.RegistrationState.AwaitAuth;
import org.keyfleet.agent.registration.RegistrationState.AwaitGroup;
import org.keyfleet.agent.registration.RegistrationState.AwaitInit;
import org.keyfleet.agent.registration.RegistrationState.AwaitSignature;
import org.keyfleet.agent.registration.RegistrationState.Established;
import org.keyfleet.agent.registration.RegistrationState.Failure;
import org.keyfleet.agent.registration.RegistrationState.GroupRequest;
import org.keyfleet.agent.registration.RegistrationState.Idle;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.Retransmission;
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
  private static final Logger LOG = System.getLogger(RegistrationMachine.class.getName());

  /** Ours: how often RFC 3948 keepalives are sent while an IKE SA stands behind a NAT. */
  private static final long KEEPALIVE_NANOS = 20_000_000_000L;

  /**
   * Ours: how often a request is sent on an IKE SA that stood before. After that, some 12 s, the
   * GCKS has probably restarted, and a new IKE SA costs less than patience.
   */
  private static final int STANDING_ATTEMPTS = 3;

  private static final long NEVER = Long.MAX_VALUE;

  private final RegistrationProfile profile;
  private final SecureRandom random;
  private final InitExchange init;
  private final AuthExchange auth;
  private final PeerRequests peerRequests;

  private RegistrationState state = new Idle();
  private List<RegistrationAction> actions = new ArrayList<>();
  private long keepaliveNanos = NEVER;
  private long ignored;

  public RegistrationMachine(RegistrationProfile profile, SecureRandom random) {
    this.profile = profile;
    this.random = random;
    this.init = new InitExchange(profile.suites(), random);
    this.auth = new AuthExchange(profile);
    this.peerRequests = new PeerRequests(profile.maxDatagramOctets());
  }

  public RegistrationState state() {
    return state;
  }

  /** Messages that fitted nothing: damaged, forged, late. */
  public long ignored() {
    return ignored;
  }

  /** When a {@link RegistrationEvent.Tick} is due; {@link Long#MAX_VALUE} when nothing waits. */
  public long nextDeadlineNanos() {
    Optional<Outstanding> request = outstanding();
    long deadline = request.isPresent() ? request.get().retransmission().deadlineNanos() : NEVER;
    return Math.min(deadline, keepaliveNanos);
  }

  /** Handles one event and says what is to be done, in order. */
  public List<RegistrationAction> onEvent(RegistrationEvent event, long nowNanos) {
    actions = new ArrayList<>();
    if (event instanceof RegistrationEvent.Start start) {
      start(start, nowNanos);
    } else if (event instanceof RegistrationEvent.Received received) {
      received(received, nowNanos);
    } else if (event instanceof RegistrationEvent.Signed signed) {
      signed(signed.signature(), nowNanos);
    } else if (event instanceof RegistrationEvent.NotSigned not) {
      notSigned(not.why());
    } else if (event instanceof RegistrationEvent.PolicyRefused refused) {
      refuse(refused.why(), nowNanos);
    } else if (event instanceof RegistrationEvent.RekeyDone) {
      acknowledgeRekey();
    } else if (event instanceof RegistrationEvent.Tick) {
      tick(nowNanos);
    } else if (event instanceof RegistrationEvent.Stop) {
      stop();
    }
    return List.copyOf(actions);
  }

  private void start(RegistrationEvent.Start start, long nowNanos) {
    if (state instanceof Established established && start.purpose() != Purpose.AUTHENTICATE) {
      boolean leave = start.purpose() == Purpose.LEAVE;
      group(
          established.sa(),
          leave ? GroupRequest.LEAVE : GroupRequest.REGISTER,
          leave ? auth.groupNotice(NotifyType.REGISTRATION_FAILED) : auth.groupRequest(),
          Optional.of(start),
          nowNanos);
      return;
    }
    startAnew(start, nowNanos);
  }

  private void send(InitAttempt attempt, String why, long nowNanos) {
    Outstanding request =
        new Outstanding(
            List.of(attempt.message()),
            ExchangeType.IKE_SA_INIT,
            0,
            Retransmission.start(profile.retransmission(), nowNanos, random));
    actions.add(new RegistrationAction.Send(request.datagrams(), false));
    to(new AwaitInit(attempt, request, Optional.empty()), why);
  }

  private void received(RegistrationEvent.Received received, long nowNanos) {
    try {
      InboundMessage message = InboundMessage.parse(received.message());
      if (message instanceof ClearMessage clear && state instanceof AwaitInit waiting) {
        initResponse(waiting, clear, received.path(), nowNanos);
      } else if (message instanceof SealedMessage sealed) {
        sealed(sealed, nowNanos);
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
      to(
          new AwaitInit(waiting.attempt(), waiting.request(), Optional.of(hint.failure())),
          hint.failure().text());
    } else if (outcome instanceof InitExchange.Outcome.Agreed agreed) {
      authenticate(agreed.sa(), nowNanos);
    } else {
      ignored++;
    }
  }

  private void authenticate(IkeSa sa, long nowNanos) {
    state = new Established(sa); // owns the keys from here on
    Purpose purpose = sa.attempt().purpose();
    try {
      auth.requireVerifiable(sa);
    } catch (RefusedException e) {
      fail(e.failure());
      return;
    }
    if (purpose == Purpose.AUTHENTICATE && !sa.peer().childless()) {
      fail(new Failure(FailureReason.PROTOCOL, "the peer takes no childless IKE_AUTH (RFC 6023)"));
      return;
    }
    actions.add(new RegistrationAction.Derived(sa)); // not before a failure that wipes the keys
    if (profile.credential() instanceof MemberCredential.Psk psk) {
      sendAuth(sa, auth.pskAuth(sa, psk), nowNanos);
    } else {
      actions.add(new RegistrationAction.Sign(auth.signedOctets(sa)));
      to(new AwaitSignature(sa), "keys agreed");
    }
  }

  private void signed(Bytes signature, long nowNanos) {
    if (state instanceof AwaitSignature waiting
        && profile.credential() instanceof MemberCredential.Certificate certificate) {
      sendAuth(waiting.sa(), SignatureAuth.of(certificate.scheme(), signature), nowNanos);
    }
  }

  private void notSigned(String why) {
    if (state instanceof AwaitSignature) {
      fail(new Failure(FailureReason.TOKEN, why));
    }
  }

  private void sendAuth(IkeSa sa, AuthPayload payload, long nowNanos) {
    Purpose purpose = sa.attempt().purpose();
    ExchangeType exchange =
        purpose == Purpose.REGISTER ? ExchangeType.GSA_AUTH : ExchangeType.IKE_AUTH;
    List<Payload> payloads = auth.request(payload, purpose);
    to(
        new AwaitAuth(sa, request(sa, exchange, payloads, profile.retransmission(), nowNanos)),
        "authenticating");
  }

  private void sealed(SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    IkeSa sa = sa();
    if (sa == null || !sa.owns(message.header())) {
      ignored++;
    } else if (message.header().response()) {
      response(sa, message, nowNanos);
    } else if (state instanceof Established || state instanceof AwaitGroup) {
      peerRequest(sa, message, nowNanos);
    } else {
      ignored++;
    }
  }

  private void response(IkeSa sa, SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    Optional<Outstanding> request = outstanding();
    if (request.isEmpty() || !request.get().isAnsweredBy(message.header())) {
      ignored++;
      return;
    }
    Optional<OpenedMessage> opened = sa.open(message, nowNanos);
    if (opened.isEmpty()) {
      return; // more fragments to come
    }
    RegistrationState before = state;
    to(new Established(sa), "answered");
    if (before instanceof AwaitAuth) {
      authResponse(sa, opened.get(), nowNanos);
    } else if (before instanceof AwaitGroup waiting) {
      groupResponse(sa, waiting.kind(), opened.get(), nowNanos);
    }
  }

  private void authResponse(IkeSa sa, OpenedMessage response, long nowNanos) {
    try {
      auth.verifyGcks(sa, response.payloads());
    } catch (RefusedException e) {
      // not the GCKS, or it does not believe us: the IKE SA is of no use
      fail(e.failure());
      return;
    }
    if (sa.behindNat()) {
      keepaliveNanos = nowNanos + KEEPALIVE_NANOS;
    }
    switch (sa.attempt().purpose()) {
      case REGISTER -> registered(sa, response, nowNanos);
      case AUTHENTICATE -> actions.add(new RegistrationAction.Authenticated());
      case LEAVE ->
          group(
              sa,
              GroupRequest.LEAVE,
              auth.groupNotice(NotifyType.REGISTRATION_FAILED),
              Optional.empty(),
              nowNanos);
    }
  }

  private void groupResponse(IkeSa sa, GroupRequest kind, OpenedMessage response, long nowNanos) {
    switch (kind) {
      case REGISTER -> registered(sa, response, nowNanos);
      case LEAVE -> actions.add(new RegistrationAction.Left());
      case REFUSE -> stop();
    }
  }

  private void registered(IkeSa sa, OpenedMessage response, long nowNanos) {
    try {
      actions.add(new RegistrationAction.Registered(auth.result(sa, response.payloads())));
    } catch (RefusedException e) {
      // the IKE SA stands, the GCKS refuses the group alone
      actions.add(new RegistrationAction.Failed(e.failure().reason(), e.failure().text()));
    } catch (NotAllowedHereException | MalformedMessageException e) {
      refuse(String.valueOf(e.getMessage()), nowNanos);
    }
  }

  /** RFC 9838 section 2.3.1: the member "SHOULD inform the GCKS". */
  private void refuse(String why, long nowNanos) {
    if (state instanceof Established established) {
      actions.add(
          new RegistrationAction.Failed(
              FailureReason.POLICY, "the group's policy cannot be followed: " + why));
      group(
          established.sa(),
          GroupRequest.REFUSE,
          auth.groupNotice(NotifyType.NO_PROPOSAL_CHOSEN),
          Optional.empty(),
          nowNanos);
    }
  }

  private void group(
      IkeSa sa,
      GroupRequest kind,
      List<Payload> payloads,
      Optional<RegistrationEvent.Start> origin,
      long nowNanos) {
    Retransmission.Policy patience = profile.retransmission();
    if (origin.isPresent()) {
      patience =
          new Retransmission.Policy(
              patience.firstNanos(),
              patience.factor(),
              Math.min(patience.attempts(), STANDING_ATTEMPTS),
              patience.jitter());
    }
    Outstanding request = request(sa, ExchangeType.GSA_REGISTRATION, payloads, patience, nowNanos);
    to(new AwaitGroup(sa, kind, request, origin), "GSA_REGISTRATION sent");
  }

  private void peerRequest(IkeSa sa, SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    PeerRequests.Outcome outcome = peerRequests.received(sa, message, nowNanos);
    actions.addAll(outcome.actions());
    if (outcome.closed()) {
      closedByGcks(sa, nowNanos);
    }
  }

  /** A request of ours that the closing overtook is made again on an IKE SA of its own. */
  private void closedByGcks(IkeSa sa, long nowNanos) {
    Optional<RegistrationEvent.Start> lost = Optional.empty();
    if (state instanceof AwaitGroup waiting && waiting.kind() != GroupRequest.REFUSE) {
      InitAttempt made = sa.attempt();
      lost =
          waiting
              .origin()
              .or(() -> Optional.of(new RegistrationEvent.Start(made.purpose(), made.path())));
    }
    closeSa();
    to(new Idle(), "closed by the GCKS");
    if (lost.isPresent()) {
      startAnew(lost.get(), nowNanos);
    } else {
      actions.add(new RegistrationAction.ClosedByGcks());
    }
  }

  private void startAnew(RegistrationEvent.Start start, long nowNanos) {
    closeSa();
    send(init.start(start.purpose(), start.path()), "on a new IKE SA", nowNanos);
  }

  private void acknowledgeRekey() {
    IkeSa sa = sa();
    if (sa != null) {
      actions.addAll(peerRequests.acknowledge(sa));
    }
  }

  private void tick(long nowNanos) {
    IkeSa sa = sa();
    if (sa != null) {
      sa.expire(nowNanos);
      if (nowNanos >= keepaliveNanos) {
        keepaliveNanos = nowNanos + KEEPALIVE_NANOS;
        actions.add(PeerRequests.keepalive());
      }
    }
    Optional<Outstanding> waiting = outstanding();
    if (waiting.isEmpty() || !waiting.get().retransmission().isDue(nowNanos)) {
      return;
    }
    Optional<Retransmission> next = waiting.get().retransmission().next(nowNanos, random);
    if (next.isEmpty()) {
      unanswered(nowNanos);
      return;
    }
    Outstanding again = waiting.get().with(next.get());
    boolean natPort = sa != null && sa.natPort();
    actions.add(new RegistrationAction.Send(again.datagrams(), natPort));
    if (state instanceof AwaitInit init) {
      state = new AwaitInit(init.attempt(), again, init.hint());
    } else if (state instanceof AwaitAuth authing) {
      state = new AwaitAuth(authing.sa(), again);
    } else if (state instanceof AwaitGroup group) {
      state = new AwaitGroup(group.sa(), group.kind(), again, group.origin());
    }
  }

  private void unanswered(long nowNanos) {
    Failure failure = new Failure(FailureReason.NOT_REACHABLE, "the GCKS does not answer");
    if (state instanceof AwaitInit init) {
      fail(init.hint().orElse(failure));
    } else if (state instanceof AwaitGroup group && group.origin().isPresent()) {
      startAnew(group.origin().get(), nowNanos);
    } else if (state instanceof AwaitGroup group && group.kind() == GroupRequest.REFUSE) {
      // why there is no registration was said before
      closeSa();
      to(new Idle(), "the refusal is not answered");
    } else {
      fail(failure);
    }
  }

  /** Tells the GCKS that the IKE SA goes, if one stands, and forgets it. */
  private void stop() {
    if (state instanceof Established established) {
      IkeSa sa = established.sa();
      List<Bytes> goodbye =
          sa.request(
              ExchangeType.INFORMATIONAL, PeerRequests.deleteIkeSa(), profile.maxDatagramOctets());
      actions.add(new RegistrationAction.Send(goodbye, sa.natPort()));
    }
    closeSa();
    to(new Idle(), "stopped");
  }

  private void fail(Failure failure) {
    closeSa();
    actions.add(new RegistrationAction.Failed(failure.reason(), failure.text()));
    to(new Idle(), failure.reason() + ": " + failure.text());
  }

  private Outstanding request(
      IkeSa sa,
      ExchangeType exchange,
      List<Payload> payloads,
      Retransmission.Policy patience,
      long nowNanos) {
    long messageId = sa.nextRequestId();
    List<Bytes> datagrams = sa.request(exchange, payloads, profile.maxDatagramOctets());
    actions.add(new RegistrationAction.Send(datagrams, sa.natPort()));
    return new Outstanding(
        datagrams, exchange, messageId, Retransmission.start(patience, nowNanos, random));
  }

  private Optional<Outstanding> outstanding() {
    if (state instanceof AwaitInit waiting) {
      return Optional.of(waiting.request());
    }
    if (state instanceof AwaitAuth waiting) {
      return Optional.of(waiting.request());
    }
    if (state instanceof AwaitGroup waiting) {
      return Optional.of(waiting.request());
    }
    return Optional.empty();
  }

  private @Nullable IkeSa sa() {
    if (state instanceof AwaitSignature waiting) {
      return waiting.sa();
    }
    if (state instanceof AwaitAuth waiting) {
      return waiting.sa();
    }
    if (state instanceof AwaitGroup waiting) {
      return waiting.sa();
    }
    return state instanceof Established established ? established.sa() : null;
  }

  private void closeSa() {
    keepaliveNanos = NEVER;
    peerRequests.forget();
    IkeSa sa = sa();
    if (sa != null) {
      sa.close();
    }
    if (state instanceof AwaitInit waiting) {
      waiting.attempt().share().close();
    }
  }

  /** The one place where the state changes. */
  private void to(RegistrationState next, String why) {
    LOG.log(
        Level.DEBUG,
        state.getClass().getSimpleName() + " -> " + next.getClass().getSimpleName() + ": " + why);
    state = next;
  }

  /** Wipes the keys without a word to the GCKS. */
  @Override
  public void close() {
    closeSa();
    state = new Idle();
  }
}
