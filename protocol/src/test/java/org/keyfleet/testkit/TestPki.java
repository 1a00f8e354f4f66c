package org.keyfleet.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
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
  private static final long DAY_SECONDS = 86_400;
  private static final int CA_USAGE = KeyUsage.keyCertSign | KeyUsage.cRLSign;
  private static final int DEVICE_USAGE = KeyUsage.digitalSignature | KeyUsage.keyAgreement;

  private final SecureRandom random = new SecureRandom();
  private final Signer caKey;
  private final X500Name caName;
  private final Bytes caCertificate;

  /** What a peer must send besides a certificate of ours: the CAs between us and the root. */
  private final List<Bytes> intermediates;

  private TestPki(String name, SignatureScheme scheme, Instant from, Instant until) {
    this.caKey = SoftSigner.generate(scheme, random);
    this.caName = new X500Name("CN=" + name);
    this.caCertificate =
        certificate(
            caName,
            caKey.subjectPublicKeyInfo(),
            List.of(),
            caConstraints(),
            CA_USAGE,
            from,
            until);
    this.intermediates = List.of();
  }

  private TestPki(String name, TestPki parent, BasicConstraints constraints) {
    this.caKey = SoftSigner.generate(parent.caKey.scheme(), random);
    this.caName = new X500Name("CN=" + name);
    this.caCertificate =
        parent.certificate(
            caName,
            caKey.subjectPublicKeyInfo(),
            List.of(),
            constraints,
            constraints.isCA() ? CA_USAGE : DEVICE_USAGE,
            yesterday(),
            tomorrow());
    this.intermediates =
        Stream.concat(Stream.of(caCertificate), parent.intermediates.stream()).toList();
  }

  /** A CA that is valid for a day before and after now. */
  public static TestPki create(String name, SignatureScheme scheme) {
    return new TestPki(name, scheme, yesterday(), tomorrow());
  }

  /** A CA under this one; what it issues comes with its own certificate. */
  public TestPki subordinate(String name) {
    return new TestPki(name, this, caConstraints());
  }

  /** A device that issues certificates as if it were a CA. */
  public TestPki impostor(String name) {
    return new TestPki(name, this, new BasicConstraints(false));
  }

  public String caPem() {
    return Pem.encode("CERTIFICATE", caCertificate);
  }

  /**
   * A certificate for {@code dnsName} over {@code subjectPublicKeyInfo}, valid for a day before and
   * after now.
   */
  public CertificateChain issue(String dnsName, Bytes subjectPublicKeyInfo) {
    return issue(dnsName, subjectPublicKeyInfo, yesterday(), tomorrow());
  }

  public CertificateChain issue(
      String dnsName, Bytes subjectPublicKeyInfo, Instant from, Instant until) {
    GeneralName name = new GeneralName(GeneralName.dNSName, dnsName);
    return issue(dnsName, List.of(name), DEVICE_USAGE, subjectPublicKeyInfo, from, until);
  }

  /** A certificate with these alternative names and the bits of {@link KeyUsage}. */
  public CertificateChain issue(
      String commonName, List<GeneralName> names, int keyUsage, Bytes subjectPublicKeyInfo) {
    return issue(commonName, names, keyUsage, subjectPublicKeyInfo, yesterday(), tomorrow());
  }

  private CertificateChain issue(
      String commonName,
      List<GeneralName> names,
      int keyUsage,
      Bytes spki,
      Instant from,
      Instant until) {
    X500Name subject = new X500Name("CN=" + commonName);
    BasicConstraints device = new BasicConstraints(false);
    Bytes leaf = certificate(subject, spki, names, device, keyUsage, from, until);
    return new CertificateChain(Stream.concat(Stream.of(leaf), intermediates.stream()).toList());
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
      List<GeneralName> names,
      BasicConstraints constraints,
      int keyUsage,
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
      builder.addExtension(Extension.basicConstraints, true, constraints);
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
      if (!names.isEmpty()) {
        GeneralName[] array = names.toArray(GeneralName[]::new);
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            GeneralNames.getInstance(new DERSequence(array)));
      }
      return Bytes.copyOf(builder.build(new SchemeSigner(caKey)).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BasicConstraints caConstraints() {
    return new BasicConstraints(true);
  }

  private static Instant yesterday() {
    return Instant.now().minusSeconds(DAY_SECONDS);
  }

  private static Instant tomorrow() {
    return Instant.now().plusSeconds(DAY_SECONDS);
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
