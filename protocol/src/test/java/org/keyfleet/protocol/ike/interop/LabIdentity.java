package org.keyfleet.protocol.ike.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.CertPayload;
import org.keyfleet.protocol.ike.CertReqPayload;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.PskAuth;
import org.keyfleet.protocol.ike.SignatureAuth;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.Pem;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.pki.UntrustedCertificateException;
import org.keyfleet.protocol.pki.VerifiedCertificate;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;

/** Who a laboratory peer is and whom it expects: by pre-shared key or by certificate. */
final class LabIdentity {
  private static final String SECRET = "a secret of the laboratory";

  private final boolean byCertificate;
  private final Path directory;
  private final String ownName;
  private final String peerName;

  private LabIdentity(LabOptions options, String ownName, String peerName) {
    this.byCertificate = options.get("auth", "psk").equals("certificate");
    this.directory = Path.of(options.get("directory", "."));
    this.ownName = ownName;
    this.peerName = peerName;
  }

  static LabIdentity member(LabOptions options) {
    LabIdentity plain = new LabIdentity(options, "psk.member.lab", "gcks.lab");
    return plain.byCertificate ? new LabIdentity(options, "member.lab", "gcks.lab") : plain;
  }

  static LabIdentity gcks(LabOptions options) {
    LabIdentity plain = new LabIdentity(options, "gcks.lab", "psk.member.lab");
    return plain.byCertificate ? new LabIdentity(options, "gcks.lab", "member.lab") : plain;
  }

  IdPayload id(IdPayload.Kind kind) {
    return IdPayload.of(kind, IdType.ID_FQDN, Bytes.ofUtf8(ownName));
  }

  /** CERT payloads, and a CERTREQ when {@code asking}. */
  List<Payload> certificates(boolean asking) throws IOException, MalformedMessageException {
    List<Payload> payloads = new ArrayList<>();
    if (byCertificate) {
      for (Bytes certificate : CertificateChain.ofPem(read("own.cert.pem")).certificates()) {
        payloads.add(CertPayload.x509(certificate));
      }
      if (asking) {
        payloads.add(CertReqPayload.x509(anchors().keyHashes()));
      }
    }
    return payloads;
  }

  AuthPayload sign(Prf prf, Bytes signedOctets)
      throws IOException, MalformedMessageException, SigningException {
    if (!byCertificate) {
      try (SecretBytes secret = secret()) {
        return PskAuth.sign(prf, secret, signedOctets);
      }
    }
    try (SecretBytes key = Pem.privateKey(read("own.key.pem"));
        SoftSigner signer = SoftSigner.ofPkcs8(key, new SecureRandom())) {
      return SignatureAuth.sign(signer, signedOctets);
    }
  }

  void verify(IdPayload.Kind kind, PayloadList payloads, Prf prf, Bytes signedOctets)
      throws IOException,
          MalformedMessageException,
          NotAuthenticException,
          UntrustedCertificateException {
    AuthPayload auth = payloads.find(AuthPayload.class).orElseThrow();
    IdPayload id = payloads.id(kind).orElseThrow();
    if (!id.is(IdType.ID_FQDN) || !id.data().utf8().equals(peerName)) {
      throw new NotAuthenticException();
    }
    if (!byCertificate) {
      try (SecretBytes secret = secret()) {
        PskAuth.verify(auth, prf, secret, signedOctets);
      }
      return;
    }
    List<Bytes> chain = payloads.every(CertPayload.class).stream().map(CertPayload::data).toList();
    VerifiedCertificate certificate = anchors().verify(new CertificateChain(chain), Instant.now());
    if (!certificate.hasIdentity(id.idType(), id.data())) {
      throw new NotAuthenticException();
    }
    SignatureAuth.verify(auth, certificate.subjectPublicKeyInfo(), signedOctets);
  }

  private TrustAnchors anchors() throws IOException, MalformedMessageException {
    return TrustAnchors.ofPem(read("ca.cert.pem"));
  }

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private static SecretBytes secret() {
    return SecretBytes.takeFrom(Bytes.ofUtf8(SECRET).toArray());
  }
}
