package org.keyfleet.protocol.pki;

import java.util.List;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Certificates in DER, the subject's own first, as the CERT payloads carry them (RFC 7296 section
 * 3.6).
 */
public record CertificateChain(List<Bytes> certificates) {
  /** Longer chains are refused before anything is parsed. */
  public static final int MAX_CERTIFICATES = 6;

  public static final int MAX_CERTIFICATE_OCTETS = 8192;

  public CertificateChain {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("a chain without certificate");
    }
  }

  public static CertificateChain ofPem(String pem) throws MalformedMessageException {
    List<Bytes> certificates = Pem.blocks(pem, "CERTIFICATE");
    if (certificates.isEmpty()) {
      throw new MalformedMessageException("PEM: no CERTIFICATE block");
    }
    return new CertificateChain(certificates);
  }

  public Bytes leaf() {
    return certificates.get(0);
  }
}
