package org.keyfleet.hsm.smartcard;

import java.util.Optional;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.pkcs11.KnownAnswers;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;

/** Identity keys in the card, all of them P-256, with their certificates. */
final class CardIdentities {
  /** An uncompressed point (SEC 1 section 2.3.3). */
  static final int POINT_OCTETS = 65;

  private static final int PART_OCTETS = 240;

  private final CardSession session;
  private final int maxCertificateOctets;

  CardIdentities(CardSession session, int maxCertificateOctets) {
    this.session = session;
    this.maxCertificateOctets = maxCertificateOctets;
  }

  /** Makes a key and signs with it once: what a card signs with is only known when it does. */
  void generate(CardKey made) throws CustodyException {
    Bytes name = CardName.encode(made.name());
    session.send("make " + made.name(), Ins.GENERATE_IDENTITY, made.slot(), 0, name);
    try {
      Bytes message = KnownAnswers.LABEL;
      SignatureScheme.ECDSA_P256_SHA256.verify(publicKeyInfo(made), message, sign(made, message));
    } catch (NotAuthenticException e) {
      session.ask("destroy a key", Ins.DESTROY, made.slot(), 0);
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the card's signatures do not verify", e);
    }
  }

  Bytes publicKeyInfo(CardKey identity) throws CustodyException {
    Bytes point =
        session.ask(
            "show the public key of " + identity.name(), Ins.PUBLIC_KEY, identity.slot(), 0);
    return IdentityAlgorithm.P256.publicKeyInfo(point);
  }

  /** The DER of Ecdsa-Sig-Value, as cards give it. */
  Bytes sign(CardKey identity, Bytes message) throws CustodyException {
    return session.send("sign with " + identity.name(), Ins.SIGN, identity.slot(), 0, message);
  }

  void agree(CardKey identity, Bytes peerPoint, Bytes label, CardKey made) throws CustodyException {
    CardSecrets.requireLabel(label);
    Bytes data = Bytes.concat(Bytes.of(identity.slot()), peerPoint, label);
    session.send("agree on a key with " + identity.name(), Ins.AGREE, made.slot(), 0, data);
  }

  void storeCertificate(CardKey identity, Bytes certificate) throws CustodyException {
    if (certificate.isEmpty() || certificate.size() > maxCertificateOctets) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED,
          "a certificate of "
              + certificate.size()
              + " octets; the card takes "
              + maxCertificateOctets);
    }
    session.send(
        "store the certificate of " + identity.name(),
        Ins.WRITE_CERTIFICATE,
        identity.slot(),
        0,
        certificate);
  }

  Optional<Bytes> certificate(CardKey identity) throws CustodyException {
    Bytes certificate = Bytes.EMPTY;
    for (int part = 0; part * PART_OCTETS < maxCertificateOctets; part++) {
      Bytes read =
          session.ask(
              "show the certificate of " + identity.name(),
              Ins.READ_CERTIFICATE,
              identity.slot(),
              part);
      certificate = Bytes.concat(certificate, read);
      if (read.size() < PART_OCTETS) {
        break;
      }
    }
    return certificate.isEmpty() ? Optional.empty() : Optional.of(certificate);
  }
}
