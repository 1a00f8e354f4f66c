package org.keyfleet.protocol.ike.interop;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.AuthOctets;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IdPayload;
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
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyShare;

/** A childless initiator (RFC 6023): IKE_SA_INIT, IKE_AUTH, a liveness check, a delete. */
final class LabInitiator {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final LabOptions options;
  private final SuiteNegotiation negotiation;
  private final SaPayload offer;
  private final IkeSpi spi = IkeSpi.random(RANDOM);
  private final NoncePayload nonce = NoncePayload.random(RANDOM);

  /** What IKE_SA_INIT led to. */
  private record Init(Bytes request, ClearMessage response, IkeSuite suite, IkeSaKeys keys) {}

  LabInitiator(LabOptions options) {
    this.options = options;
    this.negotiation = new SuiteNegotiation(options.policy());
    this.offer = negotiation.offer();
  }

  void run() throws Exception {
    try (LabSocket socket = new LabSocket(options)) {
      Init init = init(socket);
      PayloadList response = init.response.payloads();
      NatDetection nat =
          NatDetection.detect(
              init.response.header(), response, socket.remoteEndpoint(), socket.localEndpoint());
      LabMain.say("nat " + nat.any());
      LabMain.say("childless " + response.hasNotify(NotifyType.CHILDLESS_IKEV2_SUPPORTED));
      LabMain.say("hashes " + SignatureHashes.find(response).isPresent());
      boolean fragmentation = response.hasNotify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED);
      try (IkeSaKeys keys = init.keys;
          SkProtection protection =
              SkProtection.of(init.suite.cipher(), keys, true, fragmentation, RANDOM)) {
        authenticate(socket, init, protection);
        LabMain.say("established " + init.suite);
        LabMain.say("fragments " + socket.fragments());
        exchange(socket, init, protection, 2, List.of());
        LabMain.say("alive");
        exchange(socket, init, protection, 3, List.of(DeletePayload.ikeSa()));
        LabMain.say("deleted");
      }
    }
  }

  private Init init(LabSocket socket) throws Exception {
    KeyExchangeMethod method = options.firstMethod();
    Optional<NotifyPayload> cookie = Optional.empty();
    for (int attempt = 0; attempt < 4; attempt++) {
      try (KeyShare share = method.generate(RANDOM)) {
        Bytes request = request(socket, cookie, share);
        socket.send(List.of(request));
        ClearMessage response = socket.receiveClear();
        PayloadList payloads = response.payloads();
        Optional<NotifyPayload> invalidKe = payloads.notify(NotifyType.INVALID_KE_PAYLOAD);
        if (payloads.hasNotify(NotifyType.COOKIE)) {
          LabMain.say("cookie");
          cookie = payloads.notify(NotifyType.COOKIE);
        } else if (invalidKe.isPresent()) {
          LabMain.say("invalid-ke");
          method = negotiation.wantedKeyExchange(invalidKe.get()).orElseThrow();
        } else {
          return agreed(request, response, share);
        }
      }
    }
    throw new IllegalStateException("IKE_SA_INIT does not come to an end");
  }

  private Bytes request(LabSocket socket, Optional<NotifyPayload> cookie, KeyShare share) {
    IkeHeader header = new IkeHeader(spi, IkeSpi.NONE, ExchangeType.IKE_SA_INIT, true, false, 0);
    List<Payload> payloads = new ArrayList<>();
    cookie.ifPresent(payloads::add); // RFC 7296 section 2.6: as the first payload
    payloads.add(offer);
    payloads.add(new KePayload(share.method().transformId(), share.publicValue()));
    payloads.add(nonce);
    payloads.add(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
    payloads.add(SignatureHashes.ours().toNotify());
    payloads.addAll(
        NatDetection.notifies(spi, IkeSpi.NONE, socket.localEndpoint(), socket.remoteEndpoint()));
    return OutboundMessage.clear(header, payloads);
  }

  private Init agreed(Bytes request, ClearMessage response, KeyShare share) throws Exception {
    PayloadList payloads = response.payloads();
    payloads
        .error()
        .ifPresent(
            error -> {
              throw new IllegalStateException("refused: " + error.typeName());
            });
    SaPayload answer = payloads.find(SaPayload.class).orElseThrow();
    IkeSuite suite = negotiation.accept(offer, answer).orElseThrow();
    KePayload ke = payloads.find(KePayload.class).orElseThrow();
    NoncePayload peerNonce = payloads.find(NoncePayload.class).orElseThrow();
    try (SecretBytes shared = share.agree(ke.data())) {
      IkeSaKeys keys =
          KeySchedule.derive(
              suite.prf(),
              suite.cipher(),
              nonce.nonce(),
              peerNonce.nonce(),
              spi,
              response.header().responderSpi(),
              shared);
      return new Init(request, response, suite, keys);
    }
  }

  private void authenticate(LabSocket socket, Init init, SkProtection protection) throws Exception {
    LabIdentity identity = LabIdentity.member(options);
    IdPayload id = identity.id(IdPayload.Kind.INITIATOR);
    NoncePayload peerNonce = init.response.payloads().find(NoncePayload.class).orElseThrow();
    Bytes ours = AuthOctets.initiator(init.request, peerNonce.nonce(), id, init.keys);
    List<Payload> payloads = new ArrayList<>();
    payloads.add(id);
    payloads.addAll(identity.certificates(true));
    payloads.add(identity.sign(init.suite.prf(), ours));
    OpenedMessage response = exchange(socket, init, protection, 1, payloads);
    IdPayload peerId = response.payloads().id(IdPayload.Kind.RESPONDER).orElseThrow();
    Bytes theirs = AuthOctets.responder(init.response.octets(), nonce.nonce(), peerId, init.keys);
    identity.verify(IdPayload.Kind.RESPONDER, response.payloads(), init.suite.prf(), theirs);
  }

  private OpenedMessage exchange(
      LabSocket socket, Init init, SkProtection protection, long messageId, List<Payload> payloads)
      throws Exception {
    ExchangeType type = messageId == 1 ? ExchangeType.IKE_AUTH : ExchangeType.INFORMATIONAL;
    IkeHeader header =
        new IkeHeader(spi, init.response.header().responderSpi(), type, true, false, messageId);
    socket.send(protection.seal(header, payloads, options.number("maxDatagram", 1252)));
    OpenedMessage response = socket.receiveOpened(protection);
    if (!response.header().response() || response.header().messageId() != messageId) {
      throw new IllegalStateException("unexpected " + response.header());
    }
    response
        .payloads()
        .error()
        .ifPresent(
            error -> {
              throw new IllegalStateException("refused: " + error.typeName());
            });
    return response;
  }
}
