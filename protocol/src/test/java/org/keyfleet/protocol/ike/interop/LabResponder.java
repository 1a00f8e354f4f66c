package org.keyfleet.protocol.ike.interop;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.AuthOctets;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.Cookie;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IkeFault;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.KePayload;
import org.keyfleet.protocol.ike.KeySchedule;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.NoncePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.ike.SignatureHashes;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.ike.SuiteChoice;
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyShare;

/** A responder for one childless IKE SA (RFC 6023), from IKE_SA_INIT to the peer's delete. */
final class LabResponder {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final LabOptions options;
  private final SuiteNegotiation negotiation;
  private final Cookie cookie = new Cookie(RANDOM, 60_000_000_000L, System.nanoTime());
  private final boolean demandCookie;
  private final IkeSpi spi = IkeSpi.random(RANDOM);
  private final NoncePayload nonce = NoncePayload.random(RANDOM);

  private record Init(
      ClearMessage request,
      Bytes response,
      IkeSuite suite,
      IkeSaKeys keys,
      boolean fragmentation) {}

  LabResponder(LabOptions options) {
    this.options = options;
    this.negotiation = new SuiteNegotiation(options.policy());
    this.demandCookie = options.get("cookie", "no").equals("demand");
  }

  void run() throws Exception {
    try (LabSocket socket = new LabSocket(options)) {
      LabMain.say("ready");
      Optional<Init> done = Optional.empty();
      while (done.isEmpty()) {
        done = answerInit(socket, socket.receiveClear());
      }
      Init init = done.get();
      try (IkeSaKeys keys = init.keys;
          SkProtection protection =
              SkProtection.of(init.suite.cipher(), keys, false, init.fragmentation, RANDOM)) {
        authenticate(socket, init, protection);
        LabMain.say("established " + init.suite);
        LabMain.say("fragments " + socket.fragments());
        serve(socket, protection);
      }
    }
  }

  private Optional<Init> answerInit(LabSocket socket, ClearMessage request) throws Exception {
    PayloadList payloads = request.payloads();
    IkeHeader header = request.header();
    NoncePayload peerNonce = payloads.find(NoncePayload.class).orElseThrow();
    long now = System.nanoTime();
    Bytes address = socket.remoteEndpoint().address();
    boolean proved =
        payloads
            .notify(NotifyType.COOKIE)
            .filter(
                each ->
                    cookie.accepts(each, peerNonce.nonce(), address, header.initiatorSpi(), now))
            .isPresent();
    if (demandCookie && !proved) {
      LabMain.say("cookie");
      refuse(socket, header, cookie.make(peerNonce.nonce(), address, header.initiatorSpi(), now));
      return Optional.empty();
    }
    KePayload ke = payloads.find(KePayload.class).orElseThrow();
    SuiteChoice choice =
        negotiation.choose(payloads.find(SaPayload.class).orElseThrow(), ke.method());
    if (choice instanceof SuiteChoice.OtherKeyExchange other) {
      LabMain.say("invalid-ke");
      refuse(socket, header, new IkeFault.InvalidKeyExchange(other.wanted()).toNotify());
      return Optional.empty();
    }
    if (!(choice instanceof SuiteChoice.Chosen chosen)) {
      refuse(socket, header, new IkeFault.NoProposalChosen().toNotify());
      throw new IllegalStateException("no proposal chosen of " + payloads);
    }
    return Optional.of(accept(socket, request, chosen, ke, peerNonce));
  }

  private static void refuse(LabSocket socket, IkeHeader request, NotifyPayload notify)
      throws Exception {
    socket.send(List.of(OutboundMessage.clear(request.answer(IkeSpi.NONE), List.of(notify))));
  }

  private Init accept(
      LabSocket socket,
      ClearMessage request,
      SuiteChoice.Chosen chosen,
      KePayload ke,
      NoncePayload peerNonce)
      throws Exception {
    IkeHeader header = request.header();
    KeyExchangeMethod method = chosen.suite().keyExchange();
    try (KeyShare share = method.generate(RANDOM);
        SecretBytes shared = share.agree(ke.data())) {
      List<Payload> payloads = new ArrayList<>();
      payloads.add(chosen.answer());
      payloads.add(new KePayload(method.transformId(), share.publicValue()));
      payloads.add(nonce);
      payloads.add(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
      payloads.add(NotifyPayload.of(NotifyType.CHILDLESS_IKEV2_SUPPORTED));
      payloads.add(SignatureHashes.ours().toNotify());
      payloads.addAll(
          NatDetection.notifies(
              header.initiatorSpi(), spi, socket.localEndpoint(), socket.remoteEndpoint()));
      Bytes response = OutboundMessage.clear(header.answer(spi), payloads);
      NatDetection nat =
          NatDetection.detect(
              header, request.payloads(), socket.remoteEndpoint(), socket.localEndpoint());
      LabMain.say("nat " + nat.any());
      socket.send(List.of(response));
      IkeSaKeys keys =
          KeySchedule.derive(
              chosen.suite().prf(),
              chosen.suite().cipher(),
              peerNonce.nonce(),
              nonce.nonce(),
              header.initiatorSpi(),
              spi,
              shared);
      boolean fragmentation =
          request.payloads().hasNotify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED);
      return new Init(request, response, chosen.suite(), keys, fragmentation);
    }
  }

  private void authenticate(LabSocket socket, Init init, SkProtection protection) throws Exception {
    OpenedMessage request = socket.receiveOpened(protection);
    LabIdentity identity = LabIdentity.gcks(options);
    IdPayload peerId = request.payloads().id(IdPayload.Kind.INITIATOR).orElseThrow();
    Bytes theirs = AuthOctets.initiator(init.request.octets(), nonce.nonce(), peerId, init.keys);
    identity.verify(IdPayload.Kind.INITIATOR, request.payloads(), init.suite.prf(), theirs);
    NoncePayload peerNonce = init.request.payloads().find(NoncePayload.class).orElseThrow();
    IdPayload id = identity.id(IdPayload.Kind.RESPONDER);
    Bytes ours = AuthOctets.responder(init.response, peerNonce.nonce(), id, init.keys);
    List<Payload> payloads = new ArrayList<>();
    payloads.add(id);
    payloads.addAll(identity.certificates(false));
    payloads.add(identity.sign(init.suite.prf(), ours));
    answer(socket, protection, request, payloads);
  }

  /** Answers requests until the peer deletes the IKE SA. */
  private void serve(LabSocket socket, SkProtection protection) throws Exception {
    boolean deleted = false;
    while (!deleted) {
      OpenedMessage request = socket.receiveOpened(protection);
      deleted = request.payloads().find(DeletePayload.class).isPresent();
      answer(socket, protection, request, List.of());
    }
    LabMain.say("deleted");
  }

  private void answer(
      LabSocket socket, SkProtection protection, OpenedMessage request, List<Payload> payloads)
      throws Exception {
    IkeHeader header = request.header().answer(spi);
    socket.send(protection.seal(header, payloads, options.number("maxDatagram", 1252)));
  }
}
