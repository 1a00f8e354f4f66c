package org.keyfleet.agent.registration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.RegistrationState.Failure;
import org.keyfleet.protocol.gikev2.ContextRules;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.ike.AuthOctets;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.CertPayload;
import org.keyfleet.protocol.ike.CertReqPayload;
import org.keyfleet.protocol.ike.GsaPayload;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.KdPayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.PskAuth;
import org.keyfleet.protocol.ike.SignatureAuth;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.pki.UntrustedCertificateException;
import org.keyfleet.protocol.pki.UntrustedCertificateException.Reason;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * Payloads of GSA_AUTH, childless IKE_AUTH and GSA_REGISTRATION (RFC 9838 section 2.3, RFC 6023).
 */
final class AuthExchange {
  private final RegistrationProfile profile;

  AuthExchange(RegistrationProfile profile) {
    this.profile = profile;
  }

  /** A check found something that ends the registration. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Failure failure;

    RefusedException(Failure failure) {
      super(failure.text(), null, false, false);
      this.failure = failure;
    }

    RefusedException(FailureReason reason, String text) {
      this(new Failure(reason, text));
    }

    Failure failure() {
      return failure;
    }
  }

  /** What our AUTH payload is made over. */
  Bytes signedOctets(IkeSa sa) {
    return AuthOctets.initiator(
        sa.attempt().message(), sa.responderNonce(), profile.memberId(), sa.keys());
  }

  /** Whether the GCKS can verify what we sign (RFC 7427 section 4). */
  void requireVerifiable(IkeSa sa) throws RefusedException {
    if (profile.credential() instanceof MemberCredential.Certificate certificate
        && (sa.peer().hashes().isEmpty()
            || !sa.peer().hashes().get().allows(certificate.scheme()))) {
      throw new RefusedException(
          FailureReason.NO_COMMON_SUITE,
          "the GCKS cannot verify signatures of our key's kind (" + certificate.scheme() + ")");
    }
  }

  AuthPayload pskAuth(IkeSa sa, MemberCredential.Psk psk) {
    return PskAuth.sign(sa.suite().prf(), psk.secret(), signedOctets(sa));
  }

  /** GSA_AUTH or, for another purpose than registering, a childless IKE_AUTH. */
  List<Payload> request(AuthPayload auth, Purpose purpose) {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(profile.memberId());
    if (profile.credential() instanceof MemberCredential.Certificate certificate) {
      for (Bytes der : certificate.chain().certificates()) {
        payloads.add(CertPayload.x509(der));
      }
    }
    if (profile.anchors().isPresent()) {
      payloads.add(CertReqPayload.x509(profile.anchors().get().keyHashes()));
    }
    payloads.add(profile.gcksId());
    payloads.add(auth);
    if (purpose == Purpose.REGISTER) {
      payloads.addAll(groupRequest());
    }
    return payloads;
  }

  /** {@code IDg, [SAg,] [N(GROUP_SENDER)]}: the body of GSA_REGISTRATION, the tail of GSA_AUTH. */
  List<Payload> groupRequest() {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(profile.group().toPayload());
    payloads.add(OurTransforms.payload());
    if (profile.sender().isPresent()) {
      payloads.add(profile.sender().get().toPayload());
    }
    return payloads;
  }

  /** RFC 9838 figure 8: leaving, or refusing the policy. */
  List<Payload> groupNotice(NotifyType why) {
    return List.of(profile.group().toPayload(), NotifyPayload.of(why));
  }

  /** Checks that the response comes from the GCKS. */
  void verifyGcks(IkeSa sa, PayloadList payloads) throws RefusedException {
    Optional<IdPayload> id = payloads.id(IdPayload.Kind.RESPONDER);
    Optional<AuthPayload> auth = payloads.find(AuthPayload.class);
    if (id.isEmpty() || auth.isEmpty()) {
      throw new RefusedException(Refusals.unproved(payloads, this::doubts));
    }
    if (!id.get().sameIdentity(profile.gcksId())) {
      throw notAuthentic("the GCKS names itself otherwise than gcks.id in the configuration");
    }
    Bytes octets =
        AuthOctets.responder(sa.initResponse(), sa.attempt().nonce(), id.get(), sa.keys());
    try {
      if (auth.get().method() == AuthPayload.SHARED_KEY) {
        verifyPsk(sa, auth.get(), octets);
      } else {
        SignatureAuth.verify(auth.get(), publicKey(payloads, id.get()), octets);
      }
    } catch (NotAuthenticException e) {
      throw notAuthentic("the GCKS did not prove that it is " + profile.gcksId().data().utf8());
    }
  }

  /** With trust anchors configured, a PSK proves nothing about the GCKS: members share it. */
  private void verifyPsk(IkeSa sa, AuthPayload auth, Bytes octets)
      throws NotAuthenticException, RefusedException {
    if (profile.credential() instanceof MemberCredential.Psk psk && profile.anchors().isEmpty()) {
      PskAuth.verify(auth, sa.suite().prf(), psk.secret(), octets);
      return;
    }
    throw notAuthentic("the GCKS authenticates by a PSK, a certificate is demanded");
  }

  private Bytes publicKey(PayloadList payloads, IdPayload id) throws RefusedException {
    List<Bytes> chain = new ArrayList<>();
    for (CertPayload certificate : payloads.every(CertPayload.class)) {
      if (certificate.encoding() == CertPayload.X509_SIGNATURE) {
        chain.add(certificate.data());
      }
    }
    TrustAnchors anchors =
        profile
            .anchors()
            .orElseThrow(() -> notAuthentic("the GCKS has a certificate, set gcks.trust-anchors"));
    if (chain.isEmpty()) {
      throw notAuthentic("the GCKS sent no certificate");
    }
    try {
      var verified = anchors.verify(new CertificateChain(chain), profile.clock().instant());
      if (!verified.hasIdentity(id.idType(), id.data())) {
        throw notAuthentic("the certificate of the GCKS is not for " + id.data().utf8());
      }
      return verified.subjectPublicKeyInfo();
    } catch (UntrustedCertificateException e) {
      boolean clock = e.reason() == Reason.EXPIRED || e.reason() == Reason.NOT_YET_VALID;
      throw new RefusedException(
          clock ? FailureReason.CLOCK : FailureReason.GCKS_NOT_AUTHENTIC,
          "the GCKS: " + e.getMessage());
    }
  }

  /** Reads GSA and KD and checks them by the rules of a registration. */
  RegistrationResult result(IkeSa sa, PayloadList payloads)
      throws RefusedException, MalformedMessageException, NotAllowedHereException {
    Optional<GsaPayload> gsa = payloads.find(GsaPayload.class);
    Optional<KdPayload> kd = payloads.find(KdPayload.class);
    if (gsa.isEmpty() || kd.isEmpty()) {
      throw new RefusedException(Refusals.proved(payloads, this::doubts));
    }
    GroupPolicy policy = GroupPolicy.of(gsa.get());
    KeyDownload keys = KeyDownload.of(kd.get());
    ContextRules.checkRegistration(policy, keys, profile.sender());
    KeyWrap keyWrap =
        sa.suite()
            .keyWrap()
            .orElseThrow(
                () -> new RefusedException(FailureReason.PROTOCOL, "no key wrap negotiated"));
    return new RegistrationResult(
        policy,
        keys,
        keyWrap,
        sa.keys().gskW(keyWrap),
        sa.peer().keyfleet(),
        !payloads.hasNotify(NotifyType.USE_TRANSPORT_MODE));
  }

  /** What may be wrong with us; the GCKS does not tell, its log does. */
  private String doubts() {
    if (!(profile.credential() instanceof MemberCredential.Certificate own)) {
      return "check agent.id and the PSK; the server's log says more";
    }
    try {
      OwnCertificate certificate = OwnCertificate.of(own.chain());
      return certificate
          .notValidAt(profile.clock().instant())
          .orElse(
              "check that it trusts "
                  + certificate.issuer()
                  + ", which issued our certificate; its log says more");
    } catch (MalformedMessageException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static RefusedException notAuthentic(String text) {
    return new RefusedException(FailureReason.GCKS_NOT_AUTHENTIC, text);
  }
}
