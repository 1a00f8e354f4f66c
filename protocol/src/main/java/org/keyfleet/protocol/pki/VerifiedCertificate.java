package org.keyfleet.protocol.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A certificate whose chain leads to a trust anchor, with the identities it proves.
 *
 * @param subjectPublicKeyInfo DER
 * @param subject the distinguished name in DER
 * @param subjectText the distinguished name for people (RFC 2253)
 * @param dnsNames dNSName entries, lower case
 * @param mailNames rfc822Name entries
 * @param addresses iPAddress entries, 4 or 16 octets each
 */
public record VerifiedCertificate(
    Bytes certificate,
    Bytes subjectPublicKeyInfo,
    Bytes subject,
    String subjectText,
    List<String> dnsNames,
    List<String> mailNames,
    List<Bytes> addresses,
    Instant notAfter) {
  public VerifiedCertificate {
    dnsNames = List.copyOf(dnsNames);
    mailNames = List.copyOf(mailNames);
    addresses = List.copyOf(addresses);
  }

  static VerifiedCertificate of(Bytes der, X509Certificate certificate)
      throws UntrustedCertificateException {
    AlternativeNames names = AlternativeNames.of(certificate);
    return new VerifiedCertificate(
        der,
        Bytes.copyOf(certificate.getPublicKey().getEncoded()),
        Bytes.copyOf(certificate.getSubjectX500Principal().getEncoded()),
        NameText.of(certificate.getSubjectX500Principal()),
        names.dns(),
        names.mail(),
        names.addresses(),
        certificate.getNotAfter().toInstant());
  }

  /**
   * Whether the certificate proves the identity of an ID payload (RFC 7296 section 3.5, RFC 4945
   * section 3.1).
   *
   * @param idType 1 IPV4_ADDR, 2 FQDN, 3 RFC822_ADDR, 5 IPV6_ADDR, 9 DER_ASN1_DN; others are never
   *     proved
   */
  public boolean hasIdentity(int idType, Bytes data) {
    return switch (idType) {
      case 1, 5 -> addresses.contains(data);
      case 2 -> isAscii(data) && dnsNames.contains(data.utf8().toLowerCase(Locale.ROOT));
      case 3 -> mailNames.contains(data.utf8());
      case 9 -> subject.equals(data);
      default -> false;
    };
  }

  /** RFC 7296 section 3.5: a name is ASCII; beyond it, signs fold to a letter they are not. */
  private static boolean isAscii(Bytes data) {
    for (int i = 0; i < data.size(); i++) {
      if (data.at(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }
}
