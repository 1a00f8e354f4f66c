package org.keyfleet.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.Pem;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;

/** A throw-away certification authority for tests. */
public final class TestPki {
  private final SecureRandom random = new SecureRandom();
  private final Signer caKey;
  private final X500Name caName;
  private final Bytes caCertificate;

  private TestPki(String name, SignatureScheme scheme, Instant from, Instant until) {
    this.caKey = SoftSigner.generate(scheme, random);
    this.caName = new X500Name("CN=" + name);
    this.caCertificate =
        certificate(caName, caKey.subjectPublicKeyInfo(), List.of(), true, from, until);
  }

  /** A CA that is valid for a day before and after now. */
  public static TestPki create(String name, SignatureScheme scheme) {
    Instant now = Instant.now();
    return new TestPki(name, scheme, now.minusSeconds(86_400), now.plusSeconds(86_400));
  }

  public String caPem() {
    return Pem.encode("CERTIFICATE", caCertificate);
  }

  /**
   * A certificate for {@code dnsName} over {@code subjectPublicKeyInfo}, valid for a day before and
   * after now.
   */
  public CertificateChain issue(String dnsName, Bytes subjectPublicKeyInfo) {
    Instant now = Instant.now();
    return issue(dnsName, subjectPublicKeyInfo, now.minusSeconds(86_400), now.plusSeconds(86_400));
  }

  public CertificateChain issue(
      String dnsName, Bytes subjectPublicKeyInfo, Instant from, Instant until) {
    X500Name subject = new X500Name("CN=" + dnsName);
    return new CertificateChain(
        List.of(certificate(subject, subjectPublicKeyInfo, List.of(dnsName), false, from, until)));
  }

  /** The chain in PEM. */
  public static String pem(CertificateChain chain) {
    StringBuilder pem = new StringBuilder();
    for (Bytes certificate : chain.certificates()) {
      pem.append(Pem.encode("CERTIFICATE", certificate));
    }
    return pem.toString();
  }

  private Bytes certificate(
      X500Name subject,
      Bytes spki,
      List<String> dnsNames,
      boolean ca,
      Instant from,
      Instant until) {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              caName,
              new BigInteger(120, random),
              Date.from(from),
              Date.from(until),
              subject,
              SubjectPublicKeyInfo.getInstance(spki.toArray()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
      int usage =
          ca
              ? KeyUsage.keyCertSign | KeyUsage.cRLSign
              : KeyUsage.digitalSignature | KeyUsage.keyAgreement;
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      if (!dnsNames.isEmpty()) {
        GeneralName[] names =
            dnsNames.stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new);
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            GeneralNames.getInstance(new DERSequence(names)));
      }
      return Bytes.copyOf(builder.build(new SchemeSigner(caKey)).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets bcpkix sign with one of our keys. */
  private static final class SchemeSigner implements ContentSigner {
    private final Signer key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    SchemeSigner(Signer key) {
      this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return AlgorithmIdentifier.getInstance(key.scheme().algorithmIdentifier().toArray());
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      try {
        return key.sign(Bytes.copyOf(content.toByteArray())).toArray();
      } catch (SigningException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
