package org.keyfleet.agent.registration;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;

/**
 * What we can see ourselves of why the GCKS will not believe our certificate. Whether the GCKS
 * trusts its CA only the GCKS knows.
 */
public final class OwnCertificate {
  private final X509Certificate certificate;

  private OwnCertificate(X509Certificate certificate) {
    this.certificate = certificate;
  }

  public static OwnCertificate of(CertificateChain chain) throws MalformedMessageException {
    try {
      return new OwnCertificate(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(chain.leaf().toArray())));
    } catch (CertificateException e) {
      throw new MalformedMessageException("the first CERTIFICATE block is no X.509 certificate");
    }
  }

  public boolean isFor(Bytes subjectPublicKeyInfo) {
    return Bytes.copyOf(certificate.getPublicKey().getEncoded()).equals(subjectPublicKeyInfo);
  }

  /** The subjectAltName entries that are text. */
  public List<String> names() throws MalformedMessageException {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> name.get(1) instanceof String)
              .map(name -> (String) name.get(1))
              .toList();
    } catch (CertificateParsingException e) {
      throw new MalformedMessageException("its subjectAltName cannot be read");
    }
  }

  public String issuer() {
    return certificate.getIssuerX500Principal().getName();
  }

  /** One sentence when it is not valid at {@code now}, which is what the device's clock shows. */
  public Optional<String> notValidAt(Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (!now.isBefore(from) && !now.isAfter(until)) {
      return Optional.empty();
    }
    return Optional.of(
        "our certificate is valid from "
            + from
            + " to "
            + until
            + ": is this device's clock right? it shows "
            + now);
  }
}
