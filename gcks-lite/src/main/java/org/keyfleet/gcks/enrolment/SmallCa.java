package org.keyfleet.gcks.enrolment;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.keyfleet.protocol.octets.Bytes;

/** A CA with one P-256 key in a file of mode 0600 and no intermediate; it revokes by eviction. */
public final class SmallCa {
  private static final int SERIAL_BITS = 120;
  private static final Duration CA_VALIDITY = Duration.ofDays(3653);

  /** Devices whose clock is a little behind can use their certificate at once. */
  private static final Duration BACKDATING = Duration.ofHours(1);

  private final X509CertificateHolder certificate;
  private final AsymmetricKeyParameter key;
  private final SecureRandom random;

  private SmallCa(
      X509CertificateHolder certificate, AsymmetricKeyParameter key, SecureRandom random) {
    this.certificate = certificate;
    this.key = key;
    this.random = random;
  }

  /** Makes a CA and writes both files; existing files stay and are an error. */
  public static SmallCa create(
      String name, Path certificateFile, Path keyFile, Instant now, SecureRandom random)
      throws EnrolmentException {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    ASN1ObjectIdentifier curve = SECObjectIdentifiers.secp256r1;
    generator.init(new ECKeyGenerationParameters(ECNamedDomainParameters.lookup(curve), random));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    X500Name subject = subject(name);
    try {
      SubjectPublicKeyInfo spki =
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic());
      X509v3CertificateBuilder builder =
          builder(subject, subject, spki, now, CA_VALIDITY, random)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new BcX509ExtensionUtils().createSubjectKeyIdentifier(spki));
      X509CertificateHolder holder = builder.build(signer(pair.getPrivate(), random));
      byte[] pkcs8 = PrivateKeyInfoFactory.createPrivateKeyInfo(pair.getPrivate()).getEncoded();
      try {
        PemFile.writePrivate(keyFile, pkcs8);
      } finally {
        Arrays.fill(pkcs8, (byte) 0);
      }
      PemFile.write(certificateFile, "CERTIFICATE", Bytes.copyOf(holder.getEncoded()));
      return new SmallCa(holder, pair.getPrivate(), random);
    } catch (IOException e) {
      throw new EnrolmentException("the CA certificate cannot be encoded: " + e.getMessage(), e);
    }
  }

  public static SmallCa load(Path certificateFile, Path keyFile, SecureRandom random)
      throws EnrolmentException {
    try {
      X509CertificateHolder holder =
          new X509CertificateHolder(PemFile.read(certificateFile, "CERTIFICATE").toArray());
      byte[] pkcs8 = PemFile.read(keyFile, "PRIVATE KEY").toArray();
      try {
        return new SmallCa(
            holder, PrivateKeyFactory.createKey(PrivateKeyInfo.getInstance(pkcs8)), random);
      } finally {
        Arrays.fill(pkcs8, (byte) 0);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new EnrolmentException(
          "the CA in " + certificateFile + " and " + keyFile + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  /** The CA's own certificate in DER. */
  public Bytes certificate() throws EnrolmentException {
    return encoded(certificate);
  }

  /**
   * Issues a certificate for signatures and key agreement.
   *
   * @param identity a domain name, or a mail address when it holds an @
   * @param spki DER of the SubjectPublicKeyInfo
   * @return DER
   */
  public Bytes issue(String identity, Bytes spki, Instant now, Duration validity)
      throws EnrolmentException {
    try {
      SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfo.getInstance(spki.toArray());
      boolean agrees =
          publicKey.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey);
      int usage = KeyUsage.digitalSignature | (agrees ? KeyUsage.keyAgreement : 0);
      int nameType = identity.contains("@") ? GeneralName.rfc822Name : GeneralName.dNSName;
      BcX509ExtensionUtils identifiers = new BcX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          builder(certificate.getSubject(), subject(identity), publicKey, now, validity, random)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(new GeneralName(nameType, identity)))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  identifiers.createAuthorityKeyIdentifier(certificate))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  identifiers.createSubjectKeyIdentifier(publicKey));
      return encoded(builder.build(signer(key, random)));
    } catch (IOException | IllegalArgumentException e) {
      throw new EnrolmentException(
          "no certificate for " + identity + ": its public key is not understood", e);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      SubjectPublicKeyInfo spki,
      Instant now,
      Duration validity,
      SecureRandom random) {
    return new X509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS),
        Date.from(now.minus(BACKDATING)),
        Date.from(now.plus(validity)),
        subject,
        spki);
  }

  private static X500Name subject(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  private static ContentSigner signer(AsymmetricKeyParameter key, SecureRandom random)
      throws EnrolmentException {
    try {
      AlgorithmIdentifier ecdsa = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      AlgorithmIdentifier sha256 = new DefaultDigestAlgorithmIdentifierFinder().find(ecdsa);
      return new BcECContentSignerBuilder(ecdsa, sha256).setSecureRandom(random).build(key);
    } catch (OperatorCreationException | IllegalArgumentException e) {
      throw new EnrolmentException("the CA's key is no P-256 key", e);
    }
  }

  private static Bytes encoded(X509CertificateHolder holder) throws EnrolmentException {
    try {
      return Bytes.copyOf(holder.getEncoded());
    } catch (IOException e) {
      throw new EnrolmentException("a certificate cannot be encoded: " + e.getMessage(), e);
    }
  }
}
