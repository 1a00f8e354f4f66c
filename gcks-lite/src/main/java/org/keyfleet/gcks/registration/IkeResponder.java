package org.keyfleet.gcks.registration;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.Cookie;
import org.keyfleet.protocol.ike.IkeFault;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NonEspMarker;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * The responder of all IKE SAs: events in, actions out. Whatever cannot be authenticated is dropped
 * and counted; until a peer is authenticated it can make the responder keep one bounded record, and
 * above a threshold of those nothing without a cookie.
 */
public final class IkeResponder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(IkeResponder.class.getName());

  private final SaTable table;
  private final Cookie cookies;
  private final InitIntake intake;
  private final Answers answers;
  private final Authenticating authenticating;
  private final OwnRequests own;
  private final SaUpkeep upkeep;
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
    this.table = new SaTable(limits);
    this.cookies = new Cookie(random, ResponderLimits.COOKIE_ROTATION_NANOS, nowNanos);
    this.intake =
        new InitIntake(
            table, new InitResponder(new SuiteNegotiation(suites), credentials, cookies, random));
    this.answers = new Answers(limits, table);
    this.authenticating =
        new Authenticating(
            limits, table, new PeerAuthentication(credentials, clock), answers, keyLog);
    this.own = new OwnRequests(limits, random);
    this.upkeep = new SaUpkeep(table, own);
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
      return answers.decided(decided, nowNanos);
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
        return clear(clear, received.path(), nowNanos);
      }
      if (message instanceof SealedMessage sealed) {
        return sealed(sealed, received.path(), nowNanos);
      }
    } catch (MalformedMessageException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", received.path().peer(), e.getMessage());
    }
    return drop();
  }

  private List<ResponderAction> clear(ClearMessage message, PeerPath path, long nowNanos)
      throws MalformedMessageException {
    if (message.octets().size() > ResponderLimits.INIT_OCTETS) {
      return drop();
    }
    Optional<Bytes> response = intake.response(message, path, nowNanos);
    return response.isEmpty() ? drop() : send(path, List.of(response.get()));
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
      return sa.lastRequest.equals(message.octets()) ? send(path, sa.lastResponse) : drop();
    }
    return sa.takes(message) ? request(sa, message, path, nowNanos) : drop();
  }

  private List<ResponderAction> request(
      IkeSa sa, SealedMessage message, PeerPath path, long nowNanos) {
    Optional<OpenedMessage> opened;
    try {
      SkProtection protection = sa.protect(random);
      if (!protection.wants(message, nowNanos)) {
        return drop();
      }
      opened = protection.open(message, nowNanos);
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
      return answers.fault(sa, message.header(), IkeFault.of(e), nowNanos);
    }
    if (opened.isEmpty()) {
      return List.of();
    }
    sa.path = path;
    return request(sa, opened.get(), nowNanos);
  }

  private List<ResponderAction> request(IkeSa sa, OpenedMessage request, long nowNanos) {
    try {
      if (sa.phase == IkeSa.Phase.HALF_OPEN) {
        return authenticating.request(sa, request, nowNanos);
      }
      return answers.carryOut(
          sa, request.header(), List.of(), RequestHandler.handle(sa, request), nowNanos);
    } catch (MalformedMessageException e) {
      return answers.fault(sa, request.header(), IkeFault.of(e), nowNanos);
    }
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

  private static List<ResponderAction> send(PeerPath path, List<Bytes> messages) {
    return List.of(new ResponderAction.Send(path, messages));
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
