package org.keyfleet.agent.token;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * A certification request (PKCS#10, RFC 2986) for the member's identity key, signed in the token.
 */
public final class CertificationRequest {
  private CertificationRequest() {}

  /**
   * The DER of a request for {@code identity}, a domain name or mail address, which becomes the
   * common name and the subjectAltName.
   */
  public static Bytes of(String identity, Signer key) throws SigningException {
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, identity).build();
    SubjectPublicKeyInfo publicKey =
        SubjectPublicKeyInfo.getInstance(key.subjectPublicKeyInfo().toArray());
    try {
      CertificationRequestInfo info =
          new CertificationRequestInfo(subject, publicKey, new DERSet(extensionRequest(identity)));
      Bytes signature = key.sign(Bytes.copyOf(info.getEncoded(ASN1Encoding.DER)));
      AlgorithmIdentifier algorithm =
          AlgorithmIdentifier.getInstance(key.scheme().algorithmIdentifier().toArray());
      org.bouncycastle.asn1.pkcs.CertificationRequest request =
          new org.bouncycastle.asn1.pkcs.CertificationRequest(
              info, algorithm, new DERBitString(signature.toArray()));
      return Bytes.copyOf(request.getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new IllegalStateException("a request that cannot be encoded", e);
    }
  }

  /** RFC 2985 section 5.4.2. */
  private static Attribute extensionRequest(String identity) throws IOException {
    int nameType = identity.indexOf('@') < 0 ? GeneralName.dNSName : GeneralName.rfc822Name;
    GeneralNames names = new GeneralNames(new GeneralName(nameType, identity));
    Extension extension = Extension.create(Extension.subjectAlternativeName, false, names);
    return new Attribute(
        PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new DERSet(new Extensions(extension)));
  }
}
