package org.keyfleet.agent.token;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.NameText;

/**
 * Whether a chain is one to prove the identity key with, as far as the device can see; whom the
 * GCKS trusts only the GCKS knows. Each refusal is one line that says what is wrong with which
 * certificate.
 */
public final class CertificateImport {
  private static final int NO_CA = -1;
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int NON_REPUDIATION = 1;
  private static final int CERT_SIGN = 5;

  private CertificateImport() {}

  /** The member's own certificate, parsed, if the chain is good. */
  public static X509Certificate checked(
      CertificateChain chain, Bytes subjectPublicKeyInfo, Instant now)
      throws MalformedMessageException {
    if (chain.certificates().size() > CertificateChain.MAX_CERTIFICATES) {
      throw wrong("the chain has more than " + CertificateChain.MAX_CERTIFICATES + " certificates");
    }
    List<X509Certificate> path = parsed(chain);
    X509Certificate own = path.get(0);
    if (!Bytes.copyOf(own.getPublicKey().getEncoded()).equals(subjectPublicKeyInfo)) {
      throw wrong(
          "the first certificate, "
              + name(own)
              + ", is for another key than the identity in the token: is it first in the file, and"
              + " for a request of this token (token csr)?");
    }
    requireSigning(own);
    for (int i = 0; i < path.size(); i++) {
      requireValid(path.get(i), now);
      if (i > 0) {
        requireIssued(path.get(i - 1), path.get(i));
      }
    }
    return own;
  }

  private static List<X509Certificate> parsed(CertificateChain chain)
      throws MalformedMessageException {
    List<X509Certificate> path = new ArrayList<>();
    for (Bytes der : chain.certificates()) {
      if (der.size() > CertificateChain.MAX_CERTIFICATE_OCTETS) {
        throw wrong("a certificate of " + der.size() + " octets is too long to be sent");
      }
      try {
        path.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toArray())));
      } catch (CertificateException e) {
        throw wrong("CERTIFICATE block " + (path.size() + 1) + " is no X.509 certificate");
      }
    }
    return path;
  }

  /** RFC 4945 section 5.1.3.2: what is not for signatures proves nothing in IKE. */
  private static void requireSigning(X509Certificate own) throws MalformedMessageException {
    boolean[] usage = own.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
      throw wrong(name(own) + " is not for signatures: its key usage lacks digitalSignature");
    }
  }

  private static void requireValid(X509Certificate certificate, Instant now)
      throws MalformedMessageException {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw wrong(
          name(certificate)
              + " is valid from "
              + from
              + " to "
              + until
              + ", and the clock shows "
              + now
              + ": set the clock, or have it renewed");
    }
  }

  private static void requireIssued(X509Certificate certificate, X509Certificate issuer)
      throws MalformedMessageException {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      throw wrong(
          name(certificate)
              + " was issued by "
              + NameText.of(certificate.getIssuerX500Principal())
              + ", but "
              + name(issuer)
              + " comes next: put each issuer behind what it issued");
    }
    boolean[] usage = issuer.getKeyUsage();
    if (issuer.getBasicConstraints() == NO_CA || (usage != null && !usage[CERT_SIGN])) {
      throw wrong(name(issuer) + " is in the chain and is no CA");
    }
    try {
      certificate.verify(issuer.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw wrong("the signature of " + name(issuer) + " on " + name(certificate) + " is wrong");
    }
  }

  private static String name(X509Certificate certificate) {
    return NameText.of(certificate.getSubjectX500Principal());
  }

  private static MalformedMessageException wrong(String text) {
    return new MalformedMessageException(text);
  }
}
