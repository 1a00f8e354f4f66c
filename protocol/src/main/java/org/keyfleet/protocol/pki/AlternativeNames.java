package org.keyfleet.protocol.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.UntrustedCertificateException.Reason;

/** The subjectAltName entries that name an IKEv2 identity (RFC 5280 section 4.2.1.6). */
record AlternativeNames(List<String> dns, List<String> mail, List<Bytes> addresses) {
  private static final Pattern ADDRESS_LITERAL =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
  private static final int RFC822_NAME = 1;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  static AlternativeNames of(X509Certificate certificate) throws UntrustedCertificateException {
    AlternativeNames names =
        new AlternativeNames(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try {
      Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
      if (entries != null) {
        for (List<?> entry : entries) {
          names.add((Integer) entry.get(0), entry.get(1));
        }
      }
      return names;
    } catch (CertificateParsingException | UnknownHostException e) {
      throw new UntrustedCertificateException(
          Reason.MALFORMED, "the certificate's subjectAltName cannot be read");
    }
  }

  private void add(int type, Object value) throws UnknownHostException {
    if (type == DNS_NAME) {
      dns.add(((String) value).toLowerCase(Locale.ROOT));
    } else if (type == RFC822_NAME) {
      mail.add((String) value);
    } else if (type == IP_ADDRESS) {
      String literal = (String) value;
      // "address/mask" of a name constraint is no host; getByName would ask the DNS for it
      if (!ADDRESS_LITERAL.matcher(literal).matches()) {
        throw new UnknownHostException("no address");
      }
      addresses.add(Bytes.copyOf(InetAddress.getByName(literal).getAddress()));
    }
  }
}
