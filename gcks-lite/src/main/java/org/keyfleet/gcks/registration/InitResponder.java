package org.keyfleet.gcks.registration;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.gikev2.KeyfleetExtensions;
import org.keyfleet.protocol.ike.CertReqPayload;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.Cookie;
import org.keyfleet.protocol.ike.IkeFault;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.KePayload;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.NoncePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.ike.SignatureHashes;
import org.keyfleet.protocol.ike.SuiteChoice;
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.ike.VendorIdPayload;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyShare;

/** Answers IKE_SA_INIT requests (RFC 7296 sections 1.2 and 2.6). */
final class InitResponder {
  /** RFC 7296 section 2.10: at least half the key size of the PRF, 16 to 256 octets. */
  private static final int NONCE_OCTETS = 32;

  private final SuiteNegotiation negotiation;
  private final ServerCredentials credentials;
  private final Cookie cookies;
  private final SecureRandom random;

  InitResponder(
      SuiteNegotiation negotiation,
      ServerCredentials credentials,
      Cookie cookies,
      SecureRandom random) {
    this.negotiation = negotiation;
    this.credentials = credentials;
    this.cookies = cookies;
    this.random = random;
  }

  /** What to answer, and the state to keep unless the answer is stateless. */
  record Answer(Bytes response, Optional<NewSa> kept) {}

  /** A half-open IKE SA. */
  record NewSa(IkeSpi responderSpi, InitRecord init) {}

  /** Asks for a cookie without keeping anything; empty when the request brings a good one. */
  Optional<Bytes> demandCookie(ClearMessage request, Bytes source, long nowNanos) {
    IkeHeader header = request.header();
    Bytes nonce = nonce(request.payloads());
    Optional<NotifyPayload> cookie = request.payloads().notify(NotifyType.COOKIE);
    if (cookie.isPresent()
        && cookies.accepts(cookie.get(), nonce, source, header.initiatorSpi(), nowNanos)) {
      return Optional.empty();
    }
    return Optional.of(
        stateless(header, cookies.make(nonce, source, header.initiatorSpi(), nowNanos)));
  }

  Answer answer(ClearMessage request, PeerPath path) throws MalformedMessageException {
    PayloadList payloads = request.payloads();
    KePayload ke = payloads.find(KePayload.class).orElseThrow();
    SuiteChoice choice =
        negotiation.choose(payloads.find(SaPayload.class).orElseThrow(), ke.method());
    if (choice instanceof SuiteChoice.OtherKeyExchange other) {
      IkeFault fault = new IkeFault.InvalidKeyExchange(other.wanted());
      return new Answer(stateless(request.header(), fault.toNotify()), Optional.empty());
    }
    if (choice instanceof SuiteChoice.Chosen chosen) {
      return accept(request, path, chosen, ke);
    }
    return new Answer(
        stateless(request.header(), new IkeFault.NoProposalChosen().toNotify()), Optional.empty());
  }

  private Answer accept(
      ClearMessage request, PeerPath path, SuiteChoice.Chosen chosen, KePayload ke)
      throws MalformedMessageException {
    PayloadList payloads = request.payloads();
    if (ke.data().size() != chosen.suite().keyExchange().publicOctets()) {
      throw new MalformedMessageException("KE: " + ke.data().size() + " octets");
    }
    IkeSpi responderSpi = IkeSpi.random(random);
    KeyShare share = chosen.suite().keyExchange().generate(random);
    byte[] nonce = new byte[NONCE_OCTETS];
    random.nextBytes(nonce);
    Bytes responderNonce = Bytes.copyOf(nonce);
    boolean fragmentation = payloads.hasNotify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED);
    boolean keyfleetPeer = KeyfleetExtensions.spokenBy(payloads.every(VendorIdPayload.class));

    List<Payload> answer = new ArrayList<>();
    answer.add(chosen.answer());
    answer.add(new KePayload(chosen.suite().keyExchange().transformId(), share.publicValue()));
    answer.add(new NoncePayload(responderNonce));
    credentials
        .trustAnchors()
        .ifPresent(anchors -> answer.add(CertReqPayload.x509(anchors.keyHashes())));
    answer.addAll(natNotifies(request, path, responderSpi));
    answer.add(NotifyPayload.of(NotifyType.CHILDLESS_IKEV2_SUPPORTED));
    answer.add(SignatureHashes.ours().toNotify());
    if (fragmentation) {
      answer.add(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
    }
    if (keyfleetPeer) {
      answer.add(new VendorIdPayload(KeyfleetExtensions.VENDOR_ID));
    }
    Bytes response = OutboundMessage.clear(request.header().answer(responderSpi), answer);
    InitRecord init =
        new InitRecord(
            request.octets(),
            response,
            nonce(payloads),
            responderNonce,
            chosen.suite(),
            share,
            ke.data(),
            SignatureHashes.find(payloads),
            fragmentation,
            keyfleetPeer);
    return new Answer(response, Optional.of(new NewSa(responderSpi, init)));
  }

  /** Where the peer looks for a NAT, so do we (RFC 7296 section 2.23). */
  private static List<NotifyPayload> natNotifies(
      ClearMessage request, PeerPath path, IkeSpi responderSpi) {
    if (!request.payloads().hasNotify(NotifyType.NAT_DETECTION_SOURCE_IP)) {
      return List.of();
    }
    Optional<PeerPath.Ends> ends = path.endsWhenAsked().get();
    return ends.isEmpty()
        ? List.of()
        : NatDetection.notifies(
            request.header().initiatorSpi(), responderSpi, ends.get().local(), ends.get().remote());
  }

  static Bytes stateless(IkeHeader request, NotifyPayload notify) {
    return OutboundMessage.clear(request.answer(IkeSpi.NONE), List.of(notify));
  }

  private static Bytes nonce(PayloadList payloads) {
    return payloads.find(NoncePayload.class).orElseThrow().nonce();
  }
}
