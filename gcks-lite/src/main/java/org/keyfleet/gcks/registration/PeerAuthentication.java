package org.keyfleet.gcks.registration;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.group.Authentication;
import org.keyfleet.gcks.group.MemberId;
import org.keyfleet.protocol.ike.AuthOctets;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.CertPayload;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.PskAuth;
import org.keyfleet.protocol.ike.SignatureAuth;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.UntrustedCertificateException;
import org.keyfleet.protocol.pki.VerifiedCertificate;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SigningException;

/** Both AUTH payloads: checks the peer's, makes ours (RFC 7296 section 2.15, RFC 7427). */
final class PeerAuthentication {
  private static final System.Logger LOG = System.getLogger(PeerAuthentication.class.getName());

  private final ServerCredentials credentials;
  private final InstantSource clock;

  PeerAuthentication(ServerCredentials credentials, InstantSource clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  /**
   * Verifies the peer.
   *
   * @throws NotAuthenticException for everything that is wrong, alike
   */
  AuthenticPeer verify(PayloadList payloads, InitRecord init, IkeSaKeys keys)
      throws NotAuthenticException {
    IdPayload id = payloads.id(IdPayload.Kind.INITIATOR).orElseThrow(NotAuthenticException::new);
    AuthPayload auth = payloads.find(AuthPayload.class).orElseThrow(NotAuthenticException::new);
    MemberId identity = MemberId.of(id).orElseThrow(NotAuthenticException::new);
    Bytes signed = AuthOctets.initiator(init.request(), init.responderNonce(), id, keys);
    if (auth.method() == AuthPayload.SHARED_KEY) {
      SecretBytes psk = credentials.psks().find(identity).orElseThrow(NotAuthenticException::new);
      PskAuth.verify(auth, keys.prf(), psk, signed);
      return new AuthenticPeer(identity, Authentication.PSK, Optional.empty());
    }
    VerifiedCertificate certificate = certificate(payloads, identity);
    if (!certificate.hasIdentity(id.idType(), id.data())) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: its certificate is for {1}",
          identity,
          certificate.subjectText());
      throw new NotAuthenticException();
    }
    SignatureAuth.verify(auth, certificate.subjectPublicKeyInfo(), signed);
    return new AuthenticPeer(
        identity, Authentication.CERTIFICATE, Optional.of(certificate.subjectPublicKeyInfo()));
  }

  /**
   * IDr, CERT and AUTH of ours, by the method that the peer used.
   *
   * @throws NotAuthenticException when there is nothing that the peer can verify
   */
  List<Payload> prove(AuthenticPeer peer, InitRecord init, IkeSaKeys keys)
      throws NotAuthenticException, SigningException {
    Bytes signed =
        AuthOctets.responder(init.response(), init.initiatorNonce(), credentials.identity(), keys);
    List<Payload> payloads = new ArrayList<>();
    payloads.add(credentials.identity());
    if (peer.authentication() == Authentication.PSK) {
      SecretBytes psk =
          credentials.psks().find(peer.identity()).orElseThrow(NotAuthenticException::new);
      payloads.add(PskAuth.sign(keys.prf(), psk, signed));
      return payloads;
    }
    ServerCredentials.Certified own =
        credentials.certificate().orElseThrow(NotAuthenticException::new);
    // RFC 7427 section 4: sign only with a hash that the peer has announced
    if (init.hashes().isEmpty() || !init.hashes().get().allows(own.signer().scheme())) {
      throw new NotAuthenticException();
    }
    own.chain().certificates().forEach(der -> payloads.add(CertPayload.x509(der)));
    payloads.add(SignatureAuth.sign(own.signer(), signed));
    return payloads;
  }

  private VerifiedCertificate certificate(PayloadList payloads, MemberId identity)
      throws NotAuthenticException {
    List<Bytes> chain = new ArrayList<>();
    for (CertPayload certificate : payloads.every(CertPayload.class)) {
      if (certificate.encoding() == CertPayload.X509_SIGNATURE) {
        chain.add(certificate.data());
      }
    }
    if (chain.isEmpty() || credentials.trustAnchors().isEmpty()) {
      throw new NotAuthenticException();
    }
    try {
      return credentials.trustAnchors().get().verify(new CertificateChain(chain), clock.instant());
    } catch (UntrustedCertificateException e) {
      LOG.log(System.Logger.Level.INFO, "{0} is refused: {1}", identity, e.getMessage());
      throw new NotAuthenticException();
    }
  }
}
