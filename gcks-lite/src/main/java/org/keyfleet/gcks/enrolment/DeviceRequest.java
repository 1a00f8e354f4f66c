package org.keyfleet.gcks.enrolment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcEdDSAContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A device's certification request (PKCS#10, RFC 2986) whose signature is checked: who made it
 * holds the key.
 *
 * @param identity the name that it asks for, a domain name or mail address in lower case
 * @param spki its public key, DER
 */
public record DeviceRequest(String identity, Bytes spki) {
  private static final int MAX_OCTETS = 16_384;
  private static final Pattern IDENTITY =
      Pattern.compile("([A-Za-z0-9._%+-]{1,64}@)?[A-Za-z0-9._-]{1,253}");

  /**
   * Reads and checks a request.
   *
   * @param wanted the identity to certify instead of the one in the request
   */
  public static DeviceRequest verify(Bytes der, Optional<String> wanted) throws EnrolmentException {
    if (der.size() > MAX_OCTETS) {
      throw new EnrolmentException("the request is too large: " + der.size() + " octets");
    }
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(der.toArray());
      SubjectPublicKeyInfo spki = request.getSubjectPublicKeyInfo();
      if (!request.isSignatureValid(verifier(spki))) {
        throw new EnrolmentException(
            "the request's signature is wrong: it was damaged, or made without the device's key");
      }
      String identity = wanted.isPresent() ? wanted.get() : identity(request);
      if (!IDENTITY.matcher(identity).matches()) {
        throw new EnrolmentException("'" + identity + "' is no domain name or mail address");
      }
      return new DeviceRequest(identity.toLowerCase(Locale.ROOT), Bytes.copyOf(spki.getEncoded()));
    } catch (IOException
        | PKCSException
        | OperatorCreationException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException
        | NullPointerException e) {
      // Bouncy Castle's ASN.1 objects report a wrong structure with these
      throw new EnrolmentException("the request is no PKCS#10 request of a kind known here", e);
    }
  }

  private static ContentVerifierProvider verifier(SubjectPublicKeyInfo spki)
      throws IOException, OperatorCreationException, EnrolmentException {
    ASN1ObjectIdentifier algorithm = spki.getAlgorithm().getAlgorithm();
    var key = org.bouncycastle.crypto.util.PublicKeyFactory.createKey(spki);
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return new BcECContentVerifierProviderBuilder(new DefaultDigestAlgorithmIdentifierFinder())
          .build(key);
    }
    if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
      return new BcEdDSAContentVerifierProviderBuilder().build(key);
    }
    throw new EnrolmentException("the request's key is neither ECDSA nor Ed25519");
  }

  private static String identity(PKCS10CertificationRequest request) throws EnrolmentException {
    List<String> names = new ArrayList<>();
    Extensions extensions = request.getRequestedExtensions();
    GeneralNames alternative =
        extensions == null
            ? null
            : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
    if (alternative != null) {
      for (GeneralName name : alternative.getNames()) {
        if (name.getTagNo() == GeneralName.dNSName || name.getTagNo() == GeneralName.rfc822Name) {
          names.add(name.getName().toString());
        }
      }
    }
    if (names.isEmpty()) {
      for (RDN rdn : request.getSubject().getRDNs(BCStyle.CN)) {
        names.add(rdn.getFirst().getValue().toString());
      }
    }
    if (names.isEmpty()) {
      throw new EnrolmentException("the request names nobody; say who with --identity");
    }
    return names.get(0);
  }
}
