package org.keyfleet.agent.registration;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.gikev2.KeyfleetExtensions;
import org.keyfleet.protocol.ike.AuthOctets;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.KePayload;
import org.keyfleet.protocol.ike.KeySchedule;
import org.keyfleet.protocol.ike.NoncePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PskAuth;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.ike.SignatureHashes;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.ike.SuiteChoice;
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.ike.VendorIdPayload;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyShare;

/**
 * Whoever answers a {@link RegistrationMachine}: it does its own key exchange, seals what it is
 * told to, and proves that it is the GCKS only when asked.
 */
final class ScriptedGcks {
  private final SecureRandom random;
  private final IkeSpi spi;
  private final Bytes nonce;
  private final SuiteNegotiation negotiation = new SuiteNegotiation(SuitePolicy.STANDARD);
  private Bytes initResponse = Bytes.EMPTY;
  private @Nullable ClearMessage request;
  private @Nullable IkeSuite suite;
  private @Nullable IkeSaKeys keys;
  private @Nullable SkProtection protection;

  ScriptedGcks(SecureRandom random) {
    this.random = random;
    this.spi = IkeSpi.random(random);
    byte[] octets = new byte[32];
    random.nextBytes(octets);
    this.nonce = Bytes.copyOf(octets);
  }

  /** A right answer to IKE_SA_INIT, after which both sides have keys. */
  Bytes agree(ClearMessage initRequest, NotifyPayload... more) throws Exception {
    KePayload theirs = initRequest.payloads().find(KePayload.class).orElseThrow();
    KeyShare share =
        KeyExchangeMethod.ofTransformId(theirs.method()).orElseThrow().generate(random);
    SuiteChoice.Chosen chosen = chosen(initRequest);
    suite = chosen.suite();
    initResponse = initResponse(initRequest, share.publicValue(), more);
    request = initRequest;
    try (SecretBytes shared = share.agree(theirs.data())) {
      keys =
          KeySchedule.derive(
              chosen.suite().prf(),
              chosen.suite().cipher(),
              initRequest.payloads().find(NoncePayload.class).orElseThrow().nonce(),
              nonce,
              initRequest.header().initiatorSpi(),
              spi,
              shared);
    }
    protection = SkProtection.of(chosen.suite().cipher(), keys, false, true, random);
    return initResponse;
  }

  /** An answer to IKE_SA_INIT with any public value. */
  Bytes initResponse(ClearMessage initRequest, Bytes publicValue, NotifyPayload... more)
      throws Exception {
    int method = initRequest.payloads().find(KePayload.class).orElseThrow().method();
    List<Payload> payloads = new ArrayList<>();
    payloads.add(chosen(initRequest).answer());
    payloads.add(new KePayload(method, publicValue));
    payloads.add(new NoncePayload(nonce));
    payloads.add(NotifyPayload.of(NotifyType.CHILDLESS_IKEV2_SUPPORTED));
    payloads.add(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
    payloads.add(new VendorIdPayload(KeyfleetExtensions.VENDOR_ID));
    payloads.addAll(List.of(more));
    return OutboundMessage.clear(initRequest.header().answer(spi), payloads);
  }

  static NotifyPayload allHashes() {
    return SignatureHashes.ours().toNotify();
  }

  private SuiteChoice.Chosen chosen(ClearMessage initRequest) {
    SaPayload offer = initRequest.payloads().find(SaPayload.class).orElseThrow();
    int method = initRequest.payloads().find(KePayload.class).orElseThrow().method();
    return (SuiteChoice.Chosen) negotiation.choose(offer, method);
  }

  /** IDr and AUTH that only the owner of {@code psk} can make, and {@code more}. */
  List<Payload> proof(IdPayload id, SecretBytes psk, Payload... more) {
    ClearMessage init = Objects.requireNonNull(request);
    Bytes initiatorNonce = init.payloads().find(NoncePayload.class).orElseThrow().nonce();
    List<Payload> payloads = new ArrayList<>();
    payloads.add(id);
    payloads.add(
        PskAuth.sign(
            Objects.requireNonNull(suite).prf(),
            psk,
            AuthOctets.responder(initResponse, initiatorNonce, id, Objects.requireNonNull(keys))));
    payloads.addAll(List.of(more));
    return payloads;
  }

  Bytes response(ExchangeType exchange, long messageId, List<Payload> payloads) {
    return seal(header(exchange, true, messageId), payloads);
  }

  Bytes ownRequest(ExchangeType exchange, long messageId, List<Payload> payloads) {
    return seal(header(exchange, false, messageId), payloads);
  }

  List<Bytes> ownFragments(
      ExchangeType exchange, long messageId, List<Payload> payloads, int maxOctets) {
    return Objects.requireNonNull(protection)
        .seal(header(exchange, false, messageId), payloads, maxOctets);
  }

  private Bytes seal(IkeHeader header, List<Payload> payloads) {
    return Objects.requireNonNull(protection).seal(header, payloads, 65_000).get(0);
  }

  private IkeHeader header(ExchangeType exchange, boolean response, long messageId) {
    return new IkeHeader(
        Objects.requireNonNull(request).header().initiatorSpi(),
        spi,
        exchange,
        false,
        response,
        messageId);
  }
}
