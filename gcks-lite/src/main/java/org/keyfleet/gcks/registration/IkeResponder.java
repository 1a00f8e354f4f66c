package org.keyfleet.gcks.registration;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.group.JoinOutcome;
import org.keyfleet.gcks.registration.RequestHandler.Verdict;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.Cookie;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeFault;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NonEspMarker;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SigningException;

/**
 * The responder of all IKE SAs: events in, actions out. Whatever cannot be authenticated is dropped
 * and counted; until a peer is authenticated it can make the responder keep one small record, and
 * above a threshold of those nothing without a cookie.
 */
public final class IkeResponder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(IkeResponder.class.getName());

  private final ResponderLimits limits;
  private final SaTable table;
  private final Cookie cookies;
  private final InitResponder init;
  private final PeerAuthentication authentication;
  private final OwnRequests own;
  private final SaUpkeep upkeep;
  private final KeyLog keyLog;
  private final SecureRandom random;
  private long dropped;

  public IkeResponder(
      ServerCredentials credentials,
      ResponderLimits limits,
      SuitePolicy suites,
      KeyLog keyLog,
      SecureRandom random,
      InstantSource clock,
      long nowNanos) {
    this.limits = limits;
    this.table = new SaTable(limits);
    this.cookies = new Cookie(random, ResponderLimits.COOKIE_ROTATION_NANOS, nowNanos);
    this.init = new InitResponder(new SuiteNegotiation(suites), credentials, cookies, random);
    this.authentication = new PeerAuthentication(credentials, clock);
    this.own = new OwnRequests(limits, random);
    this.upkeep = new SaUpkeep(table, own);
    this.keyLog = keyLog;
    this.random = random;
  }

  /** IKE SAs of every phase. */
  public int ikeSas() {
    return table.size();
  }

  public int halfOpen() {
    return table.halfOpen();
  }

  /** Datagrams that were no good. */
  public long dropped() {
    return dropped;
  }

  /** Takes one event; what it returns is to be done in its order. */
  public List<ResponderAction> onEvent(ResponderEvent event, long nowNanos) {
    if (event instanceof ResponderEvent.Received received) {
      return received(received, nowNanos);
    }
    if (event instanceof ResponderEvent.Decided decided) {
      return decided(decided, nowNanos);
    }
    if (event instanceof ResponderEvent.MemberGone gone) {
      return upkeep.memberGone(gone, nowNanos);
    }
    if (event instanceof ResponderEvent.InbandRekey rekey) {
      return upkeep.inbandRekey(rekey, nowNanos);
    }
    return upkeep.tick(nowNanos);
  }

  private List<ResponderAction> received(ResponderEvent.Received received, long nowNanos) {
    Bytes datagram = received.datagram();
    if (received.path().marker()) {
      if (NonEspMarker.kind(datagram) != NonEspMarker.Kind.IKE) {
        return drop();
      }
      datagram = NonEspMarker.strip(datagram);
    }
    try {
      InboundMessage message = InboundMessage.parse(datagram);
      if (message instanceof ClearMessage clear) {
        return initRequest(clear, received.path(), nowNanos);
      }
      if (message instanceof SealedMessage sealed) {
        return sealed(sealed, received.path(), nowNanos);
      }
    } catch (MalformedMessageException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", received.path().peer(), e.getMessage());
    }
    return drop();
  }

  private List<ResponderAction> initRequest(ClearMessage request, PeerPath path, long nowNanos)
      throws MalformedMessageException {
    IkeHeader header = request.header();
    if (header.exchange() != ExchangeType.IKE_SA_INIT
        || header.response()
        || !header.fromInitiator()
        || header.messageId() != 0
        || !header.responderSpi().isNone()) {
      return drop();
    }
    Bytes source = Bytes.copyOf(path.peer().octets());
    Optional<IkeSa> known = table.halfOpen(header.initiatorSpi(), source);
    if (known.isPresent()) {
      // section 2.1: a retransmitted request gets the same response; another one is an attack
      return known.get().lastRequest.equals(request.octets())
          ? List.of(send(path, List.of(known.get().init.response())))
          : drop();
    }
    if (table.wantsCookies()) {
      Optional<Bytes> demand = init.demandCookie(request, source, nowNanos);
      if (demand.isPresent()) {
        return List.of(send(path, List.of(demand.get())));
      }
    }
    if (!table.hasRoomFor(source)) {
      return drop();
    }
    InitResponder.Answer answer = init.answer(request, path);
    if (answer.kept().isPresent()) {
      InitResponder.NewSa fresh = answer.kept().get();
      table.add(
          new IkeSa(
              header.initiatorSpi(),
              fresh.responderSpi(),
              fresh.init(),
              path,
              source,
              nowNanos + ResponderLimits.HALF_OPEN_NANOS));
    }
    return List.of(send(path, List.of(answer.response())));
  }

  private List<ResponderAction> sealed(SealedMessage message, PeerPath path, long nowNanos)
      throws MalformedMessageException {
    IkeHeader header = message.header();
    Optional<IkeSa> found = table.find(header.responderSpi());
    if (found.isEmpty()
        || !found.get().initiatorSpi.equals(header.initiatorSpi())
        || !header.fromInitiator()) {
      return drop();
    }
    IkeSa sa = found.get();
    if (header.response()) {
      return response(sa, message, nowNanos);
    }
    if (header.messageId() == sa.expectedId - 1) {
      return sa.lastRequest.equals(message.octets())
          ? List.of(send(path, sa.lastResponse))
          : drop();
    }
    boolean busy = sa.phase == IkeSa.Phase.DECIDING || sa.phase == IkeSa.Phase.CLOSED;
    if (header.messageId() != sa.expectedId || busy) {
      return drop();
    }
    return request(sa, message, path, nowNanos);
  }

  private List<ResponderAction> request(
      IkeSa sa, SealedMessage message, PeerPath path, long nowNanos) {
    Optional<OpenedMessage> opened;
    try {
      opened = sa.protect(random).open(message, nowNanos);
      if (message.triggersRetransmission()) {
        sa.firstFragment = message.octets();
      }
    } catch (NotAuthenticException e) {
      return drop();
    } catch (MalformedMessageException e) {
      if (sa.protection == null) {
        // the peer's public value is no good: there will never be keys
        table.remove(sa);
        return drop();
      }
      sa.path = path;
      sa.firstFragment = message.octets();
      return fault(sa, message.header(), IkeFault.of(e), nowNanos);
    }
    if (opened.isEmpty()) {
      return List.of();
    }
    sa.path = path;
    OpenedMessage request = opened.get();
    try {
      if (sa.phase == IkeSa.Phase.HALF_OPEN) {
        return authenticate(sa, request, nowNanos);
      }
      return carryOut(
          sa, request.header(), List.of(), RequestHandler.handle(sa, request), nowNanos);
    } catch (MalformedMessageException e) {
      return fault(sa, request.header(), IkeFault.of(e), nowNanos);
    }
  }

  private List<ResponderAction> authenticate(IkeSa sa, OpenedMessage request, long nowNanos)
      throws MalformedMessageException {
    ExchangeType exchange = request.header().exchange();
    IkeSaKeys keys = sa.keys;
    if (keys == null || (exchange != ExchangeType.GSA_AUTH && exchange != ExchangeType.IKE_AUTH)) {
      return fault(sa, request.header(), new IkeFault.InvalidSyntax(), nowNanos);
    }
    List<Payload> proof;
    try {
      AuthenticPeer peer = authentication.verify(request.payloads(), sa.init, keys);
      proof = new ArrayList<>(authentication.prove(peer, sa.init, keys));
      sa.peer = Optional.of(peer);
    } catch (NotAuthenticException e) {
      return fault(sa, request.header(), new IkeFault.AuthenticationFailed(), nowNanos);
    } catch (SigningException e) {
      LOG.log(System.Logger.Level.ERROR, "the server cannot sign: {0}", e.getMessage());
      return fault(sa, request.header(), new IkeFault.TemporaryFailure(), nowNanos);
    }
    table.leaveHalfOpen(sa);
    sa.phase = IkeSa.Phase.OPEN;
    sa.deadlineNanos = nowNanos + limits.lingerNanos();
    sa.gskW = sa.init.suite().keyWrap().map(keys::gskW).orElse(null);
    keyLog.insecureIkeSa(sa.initiatorSpi, sa.responderSpi, sa.init.suite(), keys);
    if (request.payloads().hasNotify(NotifyType.INITIAL_CONTACT)) {
      closeOlder(sa);
    }
    if (exchange == ExchangeType.GSA_AUTH) {
      Verdict verdict = RequestHandler.ask(sa, request.payloads());
      return carryOut(sa, request.header(), proof, verdict, nowNanos);
    }
    if (request.payloads().find(SaPayload.class).isPresent()) {
      // RFC 6023: no Child SA here; the IKE SA stands
      proof.add(new IkeFault.NoAdditionalSas().toNotify());
    }
    return finish(sa, request.header(), proof);
  }

  /**
   * Does what a request asks for.
   *
   * @param first payloads before the answer: IDr, CERT and AUTH in GSA_AUTH
   */
  private List<ResponderAction> carryOut(
      IkeSa sa, IkeHeader request, List<Payload> first, Verdict verdict, long nowNanos) {
    if (verdict instanceof Verdict.Ask ask) {
      sa.phase = IkeSa.Phase.DECIDING;
      sa.pending = new IkeSa.PendingAnswer(request, first, ask.group());
      return List.of(new ResponderAction.Join(sa.responderSpi, ask.group(), ask.request()));
    }
    if (verdict instanceof Verdict.Leave leave) {
      List<ResponderAction> actions = new ArrayList<>();
      sa.groups.remove(leave.group());
      actions.add(
          new ResponderAction.Leave(leave.group(), sa.peer.orElseThrow().identity().text()));
      actions.addAll(finish(sa, request, first));
      return actions;
    }
    if (verdict instanceof Verdict.AnswerAndClose close) {
      List<ResponderAction> actions = finish(sa, request, close.payloads());
      end(sa, nowNanos);
      return actions;
    }
    List<Payload> all = new ArrayList<>(first);
    if (verdict instanceof Verdict.Answer answer) {
      all.addAll(answer.payloads());
    }
    return finish(sa, request, all);
  }

  private List<ResponderAction> decided(ResponderEvent.Decided decided, long nowNanos) {
    Optional<IkeSa> found = table.find(decided.sa());
    if (found.isEmpty() || found.get().pending == null) {
      return List.of();
    }
    IkeSa sa = found.get();
    IkeSa.PendingAnswer pending = sa.pending;
    sa.pending = null;
    sa.phase = IkeSa.Phase.OPEN;
    sa.deadlineNanos = nowNanos + limits.lingerNanos();
    if (pending == null) {
      return List.of();
    }
    List<Payload> all = new ArrayList<>(pending.first());
    if (decided.outcome() instanceof JoinOutcome.Granted granted) {
      all.add(granted.gsa());
      all.add(granted.kd());
      sa.groups.add(pending.group());
      sa.kept |= granted.keepIkeSa();
    } else if (decided.outcome() instanceof JoinOutcome.Refused refused) {
      all.add(NotifyPayload.of(refused.reason()));
    }
    return finish(sa, pending.request(), all);
  }

  private List<ResponderAction> response(IkeSa sa, SealedMessage message, long nowNanos) {
    IkeSa.Outgoing outgoing = sa.outgoing;
    SkProtection protection = sa.protection;
    if (outgoing == null
        || protection == null
        || message.header().messageId() != outgoing.messageId()
        || message.header().exchange() != outgoing.exchange()) {
      return drop();
    }
    try {
      if (protection.open(message, nowNanos).isEmpty()) {
        return List.of();
      }
    } catch (NotAuthenticException | MalformedMessageException e) {
      return drop();
    }
    sa.outgoing = null;
    if (outgoing.last()) {
      table.remove(sa);
      return List.of();
    }
    return own.next(sa, nowNanos);
  }

  private List<ResponderAction> finish(IkeSa sa, IkeHeader request, List<Payload> payloads) {
    SkProtection protection = sa.protection;
    if (protection == null) {
      throw new IllegalStateException("an answer without keys");
    }
    sa.lastResponse =
        protection.seal(request.answer(sa.responderSpi), payloads, limits.fragmentOctets());
    sa.lastRequest = sa.firstFragment;
    sa.expectedId = request.messageId() + 1;
    return List.of(send(sa.path, sa.lastResponse));
  }

  /** An authentic request that is wrong: tell why, and while nobody is authenticated end the SA. */
  private List<ResponderAction> fault(IkeSa sa, IkeHeader request, IkeFault fault, long nowNanos) {
    List<ResponderAction> actions = finish(sa, request, List.of(fault.toNotify()));
    if (sa.phase == IkeSa.Phase.HALF_OPEN) {
      end(sa, nowNanos);
    }
    return actions;
  }

  private void end(IkeSa sa, long nowNanos) {
    table.leaveHalfOpen(sa);
    sa.close();
    sa.deadlineNanos = nowNanos + ResponderLimits.CLOSED_NANOS;
  }

  /** RFC 7296 section 2.4: INITIAL_CONTACT says that older SAs of the identity are dead. */
  private void closeOlder(IkeSa fresh) {
    String identity = fresh.peer.orElseThrow().identity().text();
    for (IkeSa sa : table.all()) {
      if (sa != fresh && sa.isOpen() && sa.belongsTo(identity)) {
        table.remove(sa);
      }
    }
  }

  private static ResponderAction.Send send(PeerPath path, List<Bytes> messages) {
    return new ResponderAction.Send(path, messages);
  }

  private List<ResponderAction> drop() {
    dropped++;
    return List.of();
  }

  @Override
  public void close() {
    table.all().forEach(IkeSa::close);
    cookies.close();
  }
}
