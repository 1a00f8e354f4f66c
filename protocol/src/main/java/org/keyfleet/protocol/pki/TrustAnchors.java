package org.keyfleet.protocol.pki;

import java.io.ByteArrayInputStream;
import java.security.InvalidAlgorithmParameterException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.UntrustedCertificateException.Reason;

/**
 * The CA certificates a chain must lead to. Paths are validated by the JDK's PKIX validator (RFC
 * 5280 section 6).
 */
public final class TrustAnchors {
  private static final int MAX_ANCHORS = 64;

  private final List<X509Certificate> anchors;

  private TrustAnchors(List<X509Certificate> anchors) {
    this.anchors = List.copyOf(anchors);
  }

  public static TrustAnchors ofPem(String pem) throws MalformedMessageException {
    List<Bytes> certificates = Pem.blocks(pem, "CERTIFICATE");
    if (certificates.isEmpty() || certificates.size() > MAX_ANCHORS) {
      throw new MalformedMessageException(
          "PEM: " + certificates.size() + " CERTIFICATE blocks, 1 to " + MAX_ANCHORS + " wanted");
    }
    List<X509Certificate> anchors = new ArrayList<>();
    for (Bytes certificate : certificates) {
      try {
        anchors.add(parse(factory(), certificate));
      } catch (CertificateException e) {
        throw new MalformedMessageException("PEM: a CERTIFICATE block is no X.509 certificate");
      }
    }
    return new TrustAnchors(anchors);
  }

  /**
   * The SHA-1 hashes of the anchors' public keys, as a CERTREQ payload carries them (RFC 7296
   * section 3.7).
   */
  public List<Bytes> keyHashes() {
    List<Bytes> hashes = new ArrayList<>();
    for (X509Certificate anchor : anchors) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-1").digest(anchor.getPublicKey().getEncoded());
        hashes.add(Bytes.copyOf(hash));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-1", e);
      }
    }
    return hashes;
  }

  /** Validates {@code chain} at {@code now}; sizes are checked before anything is parsed. */
  public VerifiedCertificate verify(CertificateChain chain, Instant now)
      throws UntrustedCertificateException {
    if (chain.certificates().size() > CertificateChain.MAX_CERTIFICATES) {
      throw new UntrustedCertificateException(
          Reason.TOO_LONG, "the chain has " + chain.certificates().size() + " certificates");
    }
    List<X509Certificate> path = parsePath(chain);
    requireValidNow(path, now);
    requireSigning(path.get(0));
    try {
      CertPath certPath = factory().generateCertPath(path);
      CertPathValidator.getInstance("PKIX").validate(certPath, parameters(now));
    } catch (CertPathValidatorException e) {
      throw untrusted(e, path.get(0));
    } catch (CertificateException
        | InvalidAlgorithmParameterException
        | NoSuchAlgorithmException e) {
      throw new UntrustedCertificateException(
          Reason.MALFORMED, "the certificate chain cannot be checked");
    }
    return VerifiedCertificate.of(chain.leaf(), path.get(0));
  }

  /** The path without an anchor at its end, which peers like to send along. */
  private List<X509Certificate> parsePath(CertificateChain chain)
      throws UntrustedCertificateException {
    List<X509Certificate> path = new ArrayList<>();
    try {
      for (Bytes certificate : chain.certificates()) {
        if (certificate.size() > CertificateChain.MAX_CERTIFICATE_OCTETS) {
          throw new UntrustedCertificateException(
              Reason.TOO_LONG, "a certificate of " + certificate.size() + " octets");
        }
        X509Certificate parsed = parse(factory(), certificate);
        if (!path.isEmpty() && anchors.contains(parsed)) {
          break;
        }
        path.add(parsed);
      }
      return path;
    } catch (CertificateException e) {
      throw new UntrustedCertificateException(
          Reason.MALFORMED, "the certificate is no X.509 certificate");
    }
  }

  private static void requireValidNow(List<X509Certificate> path, Instant now)
      throws UntrustedCertificateException {
    for (X509Certificate certificate : path) {
      Instant from = certificate.getNotBefore().toInstant();
      Instant until = certificate.getNotAfter().toInstant();
      if (now.isBefore(from)) {
        throw new UntrustedCertificateException(
            Reason.NOT_YET_VALID,
            named(certificate)
                + " is valid from "
                + from
                + ", our clock says "
                + now
                + ": set the clock");
      }
      if (now.isAfter(until)) {
        throw new UntrustedCertificateException(
            Reason.EXPIRED,
            named(certificate)
                + " was valid until "
                + until
                + ", our clock says "
                + now
                + ": renew it or set the clock");
      }
    }
  }

  /**
   * RFC 4945 section 5.1.3.2: with a key usage, digitalSignature or nonRepudiation MUST be in it.
   */
  private static void requireSigning(X509Certificate leaf) throws UntrustedCertificateException {
    boolean[] usage = leaf.getKeyUsage();
    if (usage != null && !usage[0] && !usage[1]) {
      throw new UntrustedCertificateException(
          Reason.NOT_PERMITTED, named(leaf) + ": its key usage does not allow signatures");
    }
  }

  private PKIXParameters parameters(Instant now) throws InvalidAlgorithmParameterException {
    Set<TrustAnchor> trusted = new HashSet<>();
    for (X509Certificate anchor : anchors) {
      trusted.add(new TrustAnchor(anchor, null));
    }
    PKIXParameters parameters = new PKIXParameters(trusted);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    return parameters;
  }

  private static UntrustedCertificateException untrusted(
      CertPathValidatorException e, X509Certificate leaf) {
    Object why = e.getReason();
    if (why == PKIXReason.NO_TRUST_ANCHOR || why == PKIXReason.NAME_CHAINING) {
      return new UntrustedCertificateException(
          Reason.WRONG_CA,
          named(leaf)
              + " was issued by "
              + NameText.of(leaf.getIssuerX500Principal())
              + ", which is no trust anchor of ours");
    }
    if (why == BasicReason.INVALID_SIGNATURE || why == BasicReason.ALGORITHM_CONSTRAINED) {
      return new UntrustedCertificateException(
          Reason.BAD_SIGNATURE, named(leaf) + ": a signature of its chain is wrong or too weak");
    }
    if (isUnknownAlgorithm(e)) {
      // a runtime without the module jdk.crypto.ec knows no ECDSA and no Ed25519 before JDK 22
      return new UntrustedCertificateException(
          Reason.NOT_PERMITTED,
          named(leaf) + ": this Java runtime does not know a signature algorithm of its chain");
    }
    return new UntrustedCertificateException(
        Reason.NOT_PERMITTED, named(leaf) + ": its chain is not permitted (" + why + ")");
  }

  private static boolean isUnknownAlgorithm(Throwable e) {
    Throwable cause = e.getCause();
    return cause instanceof NoSuchAlgorithmException
        || (cause != null && isUnknownAlgorithm(cause));
  }

  private static String named(X509Certificate certificate) {
    return "certificate " + NameText.of(certificate.getSubjectX500Principal());
  }

  private static CertificateFactory factory() throws CertificateException {
    return CertificateFactory.getInstance("X.509");
  }

  private static X509Certificate parse(CertificateFactory factory, Bytes der)
      throws CertificateException {
    X509Certificate certificate =
        (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der.toArray()));
    // the factory also reads base64, and stops reading at the end of the first certificate
    if (!Arrays.equals(certificate.getEncoded(), der.toArray())) {
      throw new CertificateException("not exactly one certificate in DER");
    }
    // the JDK overlooks unused bits of the signature that are zero: a second form of one
    // certificate
    int unusedBitsAt = der.size() - certificate.getSignature().length - 1;
    if (unusedBitsAt < 0 || der.at(unusedBitsAt) != 0) {
      throw new CertificateException("the signature is not of whole octets");
    }
    return certificate;
  }
}
