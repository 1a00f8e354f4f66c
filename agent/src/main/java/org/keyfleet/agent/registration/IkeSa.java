package org.keyfleet.agent.registration;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.NonEspMarker;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.SignatureHashes;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** Our end of an IKE SA, as its initiator: keys, Message IDs, what the peer can do. */
public final class IkeSa implements AutoCloseable {

  /**
   * What the responder announced in IKE_SA_INIT.
   *
   * @param fragmentation whether it reassembles fragments (RFC 7383)
   * @param childless whether it takes an IKE_AUTH without Child SA (RFC 6023)
   * @param keyfleet whether it speaks our extensions
   * @param hashes for signatures (RFC 7427)
   */
  record Peer(
      boolean fragmentation,
      boolean childless,
      boolean keyfleet,
      Optional<SignatureHashes> hashes) {}

  private final InitAttempt attempt;
  private final Bytes initResponse;
  private final IkeSpi responderSpi;
  private final Bytes responderNonce;
  private final IkeSuite suite;
  private final IkeSaKeys keys;
  private final Peer peer;
  private final NatDetection nat;
  private final SkProtection protection;

  /** RFC 7296 section 2.2: IKE_SA_INIT had Message ID 0. */
  private long nextRequestId = 1;

  private long nextPeerRequestId;
  private List<Bytes> lastResponse = List.of();

  /** The peer's request that is answered once its content is durable. */
  private Optional<IkeHeader> deferred = Optional.empty();

  private final Keepalive keepalive = new Keepalive();

  IkeSa(
      InitAttempt attempt,
      Bytes initResponse,
      IkeSpi responderSpi,
      Bytes responderNonce,
      IkeSuite suite,
      IkeSaKeys keys,
      Peer peer,
      NatDetection nat,
      SecureRandom random) {
    this.attempt = attempt;
    this.initResponse = initResponse;
    this.responderSpi = responderSpi;
    this.responderNonce = responderNonce;
    this.suite = suite;
    this.keys = keys;
    this.peer = peer;
    this.nat = nat;
    this.protection = SkProtection.of(suite.cipher(), keys, true, peer.fragmentation(), random);
  }

  InitAttempt attempt() {
    return attempt;
  }

  Bytes initResponse() {
    return initResponse;
  }

  Bytes responderNonce() {
    return responderNonce;
  }

  public IkeSpi initiatorSpi() {
    return attempt.spi();
  }

  public IkeSpi responderSpi() {
    return responderSpi;
  }

  public IkeSuite suite() {
    return suite;
  }

  /** Owned by this SA. */
  public IkeSaKeys keys() {
    return keys;
  }

  Peer peer() {
    return peer;
  }

  /** Whether the exchange moved to the port with the marker. */
  public boolean natPort() {
    return nat.any();
  }

  Keepalive keepalive() {
    return keepalive;
  }

  boolean behindNat() {
    return nat.weBehindNat();
  }

  /** Whether a message's SPIs are those of this SA. */
  boolean owns(IkeHeader header) {
    return header.initiatorSpi().equals(attempt.spi())
        && header.responderSpi().equals(responderSpi)
        && !header.fromInitiator();
  }

  long nextRequestId() {
    return nextRequestId;
  }

  /** Seals our next request, with the marker where it belongs. */
  List<Bytes> request(ExchangeType exchange, List<Payload> payloads, int maxDatagramOctets) {
    IkeHeader header =
        new IkeHeader(attempt.spi(), responderSpi, exchange, true, false, nextRequestId);
    nextRequestId++;
    return marked(protection.seal(header, payloads, maxDatagramOctets));
  }

  /** Whether this is the peer's next request. */
  boolean isNextRequest(IkeHeader header) {
    return !header.response() && header.messageId() == nextPeerRequestId;
  }

  /** Whether this is the peer's last request again, whose answer got lost. */
  boolean isRepeatedRequest(IkeHeader header) {
    return !header.response()
        && header.messageId() == nextPeerRequestId - 1
        && !lastResponse.isEmpty();
  }

  List<Bytes> lastResponse() {
    return lastResponse;
  }

  /** Seals the answer to the peer's request and remembers it for repetitions. */
  List<Bytes> respond(IkeHeader request, List<Payload> payloads, int maxDatagramOctets) {
    IkeHeader header = request.answer(responderSpi);
    lastResponse = marked(protection.seal(header, payloads, maxDatagramOctets));
    nextPeerRequestId = request.messageId() + 1;
    return lastResponse;
  }

  /** The peer's request is answered later; until then it gets no other in. */
  void defer(IkeHeader request) {
    deferred = Optional.of(request);
  }

  boolean isDeferring() {
    return deferred.isPresent();
  }

  Optional<IkeHeader> takeDeferred() {
    Optional<IkeHeader> taken = deferred;
    deferred = Optional.empty();
    return taken;
  }

  /** Whether {@link #open} will look at a message: copies of fragments it drops. */
  boolean wants(SealedMessage message, long nowNanos) {
    return protection.wants(message, nowNanos);
  }

  Optional<OpenedMessage> open(SealedMessage message, long nowNanos)
      throws NotAuthenticException, MalformedMessageException {
    return protection.open(message, nowNanos);
  }

  void expire(long nowNanos) {
    protection.expire(nowNanos);
  }

  private List<Bytes> marked(List<Bytes> messages) {
    if (!natPort()) {
      return messages;
    }
    List<Bytes> datagrams = new ArrayList<>(messages.size());
    for (Bytes message : messages) {
      datagrams.add(NonEspMarker.add(message));
    }
    return datagrams;
  }

  @Override
  public void close() {
    keys.close();
    protection.close();
  }

  @Override
  public String toString() {
    return "IkeSa[" + attempt.spi() + " " + responderSpi + "]";
  }
}
