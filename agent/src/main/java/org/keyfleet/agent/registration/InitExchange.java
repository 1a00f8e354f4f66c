package org.keyfleet.agent.registration;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.RegistrationState.Failure;
import org.keyfleet.protocol.gikev2.KeyfleetExtensions;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
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
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.ike.SignatureHashes;
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.ike.VendorIdPayload;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyShare;

/** The first exchange: suites, nonces, key shares (RFC 7296 section 1.2). */
final class InitExchange {
  /** RFC 7296 section 2.10: at least half the PRF's key size, and at least 16 octets. */
  private static final int NONCE_OCTETS = 32;

  /** Ours: a responder that asks for a third cookie or share is no responder. */
  private static final int MAX_ROUNDS = 4;

  private final SuitePolicy policy;
  private final SuiteNegotiation negotiation;
  private final SecureRandom random;

  InitExchange(SuitePolicy policy, SecureRandom random) {
    this.policy = policy;
    this.negotiation = new SuiteNegotiation(policy);
    this.random = random;
  }

  /** What a response leads to. */
  sealed interface Outcome {
    /** Not for us, or not to be believed: go on waiting. */
    record Ignored(String why) implements Outcome {}

    /** The responder wants another request. */
    record Again(InitAttempt next) implements Outcome {}

    /** An error in the clear: anybody can have sent it. */
    record Hint(Failure failure) implements Outcome {}

    /** The IKE SA's keys are there. */
    record Agreed(IkeSa sa) implements Outcome {}
  }

  InitAttempt start(Purpose purpose, Optional<PathEnds> path) {
    byte[] nonce = new byte[NONCE_OCTETS];
    random.nextBytes(nonce);
    return attempt(
        purpose,
        path,
        1,
        IkeSpi.random(random),
        Bytes.copyOf(nonce),
        policy.keyExchanges().get(0).generate(random),
        Optional.empty());
  }

  private InitAttempt attempt(
      Purpose purpose,
      Optional<PathEnds> path,
      int round,
      IkeSpi spi,
      Bytes nonce,
      KeyShare share,
      Optional<NotifyPayload> cookie) {
    SaPayload offer = negotiation.offer();
    List<Payload> payloads = new ArrayList<>();
    // RFC 7296 section 2.6: the cookie "as the first payload"
    if (cookie.isPresent()) {
      payloads.add(cookie.get());
    }
    payloads.add(offer);
    payloads.add(new KePayload(share.method().transformId(), share.publicValue()));
    payloads.add(new NoncePayload(nonce));
    if (path.isPresent()) {
      payloads.addAll(
          NatDetection.notifies(spi, IkeSpi.NONE, path.get().local(), path.get().remote()));
    }
    payloads.add(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
    payloads.add(SignatureHashes.ours().toNotify());
    payloads.add(new VendorIdPayload(KeyfleetExtensions.VENDOR_ID));
    IkeHeader header = new IkeHeader(spi, IkeSpi.NONE, ExchangeType.IKE_SA_INIT, true, false, 0);
    Bytes message = OutboundMessage.clear(header, payloads);
    return new InitAttempt(purpose, path, round, spi, nonce, offer, share, cookie, message);
  }

  Outcome process(InitAttempt attempt, ClearMessage response, Optional<PathEnds> path) {
    IkeHeader header = response.header();
    if (header.exchange() != ExchangeType.IKE_SA_INIT
        || !header.response()
        || header.fromInitiator()
        || header.messageId() != 0
        || !header.initiatorSpi().equals(attempt.spi())) {
      return new Outcome.Ignored("IKE_SA_INIT response of another exchange");
    }
    try {
      PayloadList payloads = response.payloads();
      Optional<SaPayload> answer = payloads.find(SaPayload.class);
      if (answer.isEmpty()) {
        return withoutSuite(attempt, payloads);
      }
      return agreed(attempt, response, answer.get(), path);
    } catch (MalformedMessageException e) {
      return new Outcome.Ignored(String.valueOf(e.getMessage()));
    }
  }

  private Outcome withoutSuite(InitAttempt attempt, PayloadList payloads)
      throws MalformedMessageException {
    Optional<NotifyPayload> cookie = payloads.notify(NotifyType.COOKIE);
    Optional<NotifyPayload> invalidKe = payloads.notify(NotifyType.INVALID_KE_PAYLOAD);
    if ((cookie.isPresent() || invalidKe.isPresent()) && attempt.round() >= MAX_ROUNDS) {
      return new Outcome.Hint(
          new Failure(FailureReason.PROTOCOL, "the GCKS asks for one request after the other"));
    }
    if (cookie.isPresent()) {
      return new Outcome.Again(
          attempt(
              attempt.purpose(),
              attempt.path(),
              attempt.round() + 1,
              attempt.spi(),
              attempt.nonce(),
              attempt.share(),
              cookie));
    }
    if (invalidKe.isPresent()) {
      return otherKeyExchange(attempt, invalidKe.get());
    }
    String error = payloads.error().map(NotifyPayload::typeName).orElse("no SA payload");
    boolean noSuite = payloads.hasNotify(NotifyType.NO_PROPOSAL_CHOSEN);
    return new Outcome.Hint(
        new Failure(
            noSuite ? FailureReason.NO_COMMON_SUITE : FailureReason.PROTOCOL,
            "the GCKS answers IKE_SA_INIT with " + error));
  }

  private Outcome otherKeyExchange(InitAttempt attempt, NotifyPayload notify)
      throws MalformedMessageException {
    Optional<KeyExchangeMethod> wanted = negotiation.wantedKeyExchange(notify);
    if (wanted.isEmpty() || wanted.get() == attempt.share().method()) {
      return new Outcome.Ignored("INVALID_KE_PAYLOAD asks for a method that we did not offer");
    }
    attempt.share().close();
    return new Outcome.Again(
        attempt(
            attempt.purpose(),
            attempt.path(),
            attempt.round() + 1,
            attempt.spi(),
            attempt.nonce(),
            wanted.get().generate(random),
            attempt.cookie()));
  }

  /** Closes the share only with success: a bad response leaves the attempt to the genuine one. */
  private Outcome agreed(
      InitAttempt attempt, ClearMessage response, SaPayload answer, Optional<PathEnds> path)
      throws MalformedMessageException {
    PayloadList payloads = response.payloads();
    Optional<KePayload> ke = payloads.find(KePayload.class);
    Optional<NoncePayload> nonce = payloads.find(NoncePayload.class);
    Optional<IkeSuite> accepted = negotiation.accept(attempt.offer(), answer);
    if (ke.isEmpty() || nonce.isEmpty() || response.header().responderSpi().isNone()) {
      return new Outcome.Ignored("IKE_SA_INIT response without KE, nonce or SPI");
    }
    if (accepted.isEmpty()
        || accepted.get().keyExchange() != attempt.share().method()
        || ke.get().method() != attempt.share().method().transformId()) {
      return new Outcome.Ignored("IKE_SA_INIT response with a suite that we did not offer");
    }
    IkeSuite suite = accepted.get();
    boolean fragmentation = payloads.hasNotify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED);
    Optional<SignatureHashes> hashes = SignatureHashes.find(payloads);
    NatDetection nat =
        path.isPresent() && attempt.path().isPresent()
            ? NatDetection.detect(
                response.header(), payloads, path.get().remote(), path.get().local())
            : new NatDetection(false, false);
    try (SecretBytes shared = attempt.share().agree(ke.get().data())) {
      IkeSaKeys keys =
          KeySchedule.derive(
              suite.prf(),
              suite.cipher(),
              attempt.nonce(),
              nonce.get().nonce(),
              attempt.spi(),
              response.header().responderSpi(),
              shared);
      attempt.share().close();
      return new Outcome.Agreed(
          new IkeSa(
              attempt,
              response.octets(),
              response.header().responderSpi(),
              nonce.get().nonce(),
              suite,
              keys,
              new IkeSa.Peer(
                  fragmentation,
                  payloads.hasNotify(NotifyType.CHILDLESS_IKEV2_SUPPORTED),
                  KeyfleetExtensions.spokenBy(payloads.every(VendorIdPayload.class)),
                  hashes),
              nat,
              random));
    }
  }
}
