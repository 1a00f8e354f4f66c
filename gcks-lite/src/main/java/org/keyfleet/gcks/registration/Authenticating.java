package org.keyfleet.gcks.registration;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.gcks.registration.RequestHandler.Verdict;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeFault;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SigningException;

/** Makes a half-open SA an authenticated one: GSA_AUTH, or IKE_AUTH without a Child SA. */
final class Authenticating {
  private static final System.Logger LOG = System.getLogger(Authenticating.class.getName());

  private final ResponderLimits limits;
  private final SaTable table;
  private final PeerAuthentication authentication;
  private final Answers answers;
  private final KeyLog keyLog;

  Authenticating(
      ResponderLimits limits,
      SaTable table,
      PeerAuthentication authentication,
      Answers answers,
      KeyLog keyLog) {
    this.limits = limits;
    this.table = table;
    this.authentication = authentication;
    this.answers = answers;
    this.keyLog = keyLog;
  }

  List<ResponderAction> request(IkeSa sa, OpenedMessage request, long nowNanos)
      throws MalformedMessageException {
    IkeHeader header = request.header();
    IkeSaKeys keys = sa.keys;
    boolean authenticates =
        header.exchange() == ExchangeType.GSA_AUTH || header.exchange() == ExchangeType.IKE_AUTH;
    if (keys == null || !authenticates) {
      return answers.fault(sa, header, new IkeFault.InvalidSyntax(), nowNanos);
    }
    List<Payload> proof;
    AuthenticPeer peer;
    try {
      peer = authentication.verify(request.payloads(), sa.init, keys);
      proof = new ArrayList<>(authentication.prove(peer, sa.init, keys));
    } catch (NotAuthenticException e) {
      return answers.fault(sa, header, new IkeFault.AuthenticationFailed(), nowNanos);
    } catch (SigningException e) {
      LOG.log(System.Logger.Level.ERROR, "the server cannot sign: {0}", e.getMessage());
      return answers.fault(sa, header, new IkeFault.TemporaryFailure(), nowNanos);
    }
    authenticated(sa, peer, keys, nowNanos);
    if (request.payloads().hasNotify(NotifyType.INITIAL_CONTACT)) {
      closeOlder(sa, peer);
    }
    if (header.exchange() == ExchangeType.GSA_AUTH) {
      Verdict verdict = RequestHandler.ask(sa, request.payloads());
      return answers.carryOut(sa, header, proof, verdict, nowNanos);
    }
    if (request.payloads().find(SaPayload.class).isPresent()) {
      // RFC 6023: no Child SA here; the IKE SA stands
      proof.add(new IkeFault.NoAdditionalSas().toNotify());
    }
    return answers.finish(sa, header, proof);
  }

  private void authenticated(IkeSa sa, AuthenticPeer peer, IkeSaKeys keys, long nowNanos) {
    sa.authenticated(peer);
    sa.deadlineNanos = nowNanos + limits.lingerNanos();
    table.authenticated(sa, peer.identity().text());
    sa.gskW = sa.init.suite().keyWrap().map(keys::gskW).orElse(null);
    keyLog.insecureIkeSa(sa.initiatorSpi, sa.responderSpi, sa.init.suite(), keys);
  }

  /** RFC 7296 section 2.4: INITIAL_CONTACT says that older SAs of the identity are dead. */
  private void closeOlder(IkeSa fresh, AuthenticPeer peer) {
    for (IkeSa sa : table.of(peer.identity().text())) {
      if (sa != fresh && sa.stands()) {
        table.remove(sa);
      }
    }
  }
}
