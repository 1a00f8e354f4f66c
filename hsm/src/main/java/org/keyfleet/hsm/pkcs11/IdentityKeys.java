package org.keyfleet.hsm.pkcs11;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.ec.P256;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11KeyPair;
import org.xipki.pkcs11.wrapper.Session;

/** Identity keys in the token, with the public key and the certificate beside them. */
final class IdentityKeys {
  private final TokenSession token;
  private final ObjectIndex index;

  IdentityKeys(TokenSession token, ObjectIndex index) {
    this.token = token;
    this.index = index;
  }

  long generate(KeyName name, IdentityAlgorithm algorithm) throws CustodyException {
    // a public key that a power cut left alone
    index.destroyCompanions(name);
    boolean usesOnPrivateHalf = token.quirks().contains(Quirk.USES_ON_PRIVATE_HALF);
    PKCS11KeyPair pair =
        token.keep(
            "make identity " + name,
            CustodyFault.UNSUPPORTED,
            session -> generate(session, name, algorithm, usesOnPrivateHalf));
    return token.keep(
        "check identity " + name,
        CustodyFault.INTERNAL,
        session -> {
          boolean kept = false;
          try {
            long made =
                MadeKey.keptIf(
                    session,
                    pair.getPrivateKey(),
                    name.toString(),
                    () -> ReadBack.of(session, pair.getPrivateKey(), KeyRole.IDENTITY),
                    read -> read.fits(KeyRole.IDENTITY, KeyLifetime.PERSISTENT));
            kept = true;
            return made;
          } finally {
            if (!kept) {
              session.destroyObject(pair.getPublicKey());
            }
          }
        });
  }

  /** Signs once and verifies on the host: what a token signs with is only known when it does. */
  void requireSigns(P11Key identity, IdentityAlgorithm algorithm) throws CustodyException {
    SignatureScheme scheme =
        switch (algorithm) {
          case P256 -> SignatureScheme.ECDSA_P256_SHA256;
          case ED25519 -> SignatureScheme.ED25519;
        };
    try {
      scheme.verify(
          publicKeyInfo(identity), KnownAnswers.LABEL, sign(identity, KnownAnswers.LABEL));
    } catch (NotAuthenticException e) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the token's " + algorithm + " signatures do not verify", e);
    }
  }

  Bytes publicKeyInfo(P11Key identity) throws CustodyException {
    return token.work(
        "read the public key of " + identity.name(),
        CustodyFault.INTERNAL,
        session -> {
          long handle = companion(session, identity, PKCS11Constants.CKO_PUBLIC_KEY);
          AttributeVector read =
              session.getAttrValues(
                  handle, PKCS11Constants.CKA_KEY_TYPE, PKCS11Constants.CKA_EC_POINT);
          byte[] point = read.ecPoint();
          if (point == null) {
            throw new CustodyException(
                CustodyFault.INTERNAL, "the token hides the public key of " + identity.name());
          }
          IdentityAlgorithm algorithm = algorithm(read.keyType());
          return algorithm.publicKeyInfo(Curves.point(algorithm, Bytes.copyOf(point)));
        });
  }

  Bytes sign(P11Key identity, Bytes message) throws CustodyException {
    boolean p256 = algorithm(identity) == IdentityAlgorithm.P256;
    Mechanism mechanism =
        new Mechanism(p256 ? PKCS11Constants.CKM_ECDSA : PKCS11Constants.CKM_EDDSA);
    byte[] signed = p256 ? sha256(message) : message.toArray();
    byte[] raw =
        token.work(
            "sign with " + identity.name(),
            CustodyFault.INTERNAL,
            session -> session.signSingle(mechanism, identity.handle(), signed));
    return p256 ? P256.derOfRawSignature(raw) : Bytes.copyOf(raw);
  }

  /** The shared secret as a session key that only derives; the caller destroys it. */
  long agree(P11Key identity, Bytes peerPoint) throws CustodyException {
    P256.publicKey(peerPoint);
    if (algorithm(identity) != IdentityAlgorithm.P256) {
      throw new CustodyException(CustodyFault.UNSUPPORTED, identity.name() + " is no P-256 key");
    }
    return token.keep(
        "agree on a key with " + identity.name(),
        CustodyFault.UNSUPPORTED,
        session -> {
          long shared = Derivation.agree(session, identity.handle(), peerPoint);
          return MadeKey.keptIf(
              session,
              shared,
              "the shared secret",
              () -> ReadBack.of(session, shared, KeyRole.KEK_PARENT),
              ReadBack::onlyDerives);
        });
  }

  void storeCertificate(P11Key identity, Bytes certificate) throws CustodyException {
    AttributeVector template =
        Templates.certificate(identity.name(), subject(certificate), certificate.toArray());
    long[] earlier =
        token.work(
            "look for the certificate of " + identity.name(),
            CustodyFault.INTERNAL,
            session -> find(session, identity, PKCS11Constants.CKO_CERTIFICATE));
    token.keep(
        "store the certificate of " + identity.name(),
        CustodyFault.INTERNAL,
        session -> session.createObject(template));
    // a full token keeps the earlier one
    token.keep(
        "remove the earlier certificate of " + identity.name(),
        CustodyFault.INTERNAL,
        session -> {
          for (long old : earlier) {
            session.destroyObject(old);
          }
          return true;
        });
  }

  Optional<Bytes> certificate(P11Key identity) throws CustodyException {
    return token.work(
        "read the certificate of " + identity.name(),
        CustodyFault.INTERNAL,
        session -> {
          long[] found = find(session, identity, PKCS11Constants.CKO_CERTIFICATE);
          if (found.length == 0) {
            return Optional.empty();
          }
          byte[] value = session.getAttrValues(found[0], PKCS11Constants.CKA_VALUE).value();
          return value == null ? Optional.empty() : Optional.of(Bytes.copyOf(value));
        });
  }

  private IdentityAlgorithm algorithm(P11Key identity) throws CustodyException {
    return token.work(
        "use " + identity.name(),
        CustodyFault.INTERNAL,
        session ->
            algorithm(
                session.getAttrValues(identity.handle(), PKCS11Constants.CKA_KEY_TYPE).keyType()));
  }

  private static PKCS11KeyPair generate(
      Session session, KeyName name, IdentityAlgorithm algorithm, boolean usesOnPrivateHalf)
      throws PKCS11Exception {
    Mechanism mechanism =
        new Mechanism(
            switch (algorithm) {
              case P256 -> PKCS11Constants.CKM_EC_KEY_PAIR_GEN;
              case ED25519 -> PKCS11Constants.CKM_EC_EDWARDS_KEY_PAIR_GEN;
            });
    PKCS11Exception refused = new PKCS11Exception(PKCS11Constants.CKR_CURVE_NOT_SUPPORTED);
    for (Bytes curve : Curves.parameters(algorithm)) {
      try {
        return session.generateKeyPair(
            mechanism, Templates.identity(name, algorithm, curve.toArray(), usesOnPrivateHalf));
      } catch (PKCS11Exception e) {
        refused = e;
      }
    }
    throw refused;
  }

  private static long companion(Session session, P11Key identity, long objectClass)
      throws PKCS11Exception, CustodyException {
    long[] found = find(session, identity, objectClass);
    if (found.length != 1) {
      throw new CustodyException(
          CustodyFault.NO_KEY, found.length + " public keys of " + identity.name() + ", not 1");
    }
    return found[0];
  }

  private static long[] find(Session session, P11Key identity, long objectClass)
      throws PKCS11Exception {
    return session.findAllObjectsSingle(
        new AttributeVector()
            .class_(objectClass)
            .token(true)
            .label(ObjectLabel.of(KeyRole.IDENTITY, identity.name()))
            .id(identity.name().id().toArray()));
  }

  private static IdentityAlgorithm algorithm(@Nullable Long keyType) throws CustodyException {
    if (keyType != null && keyType == PKCS11Constants.CKK_EC) {
      return IdentityAlgorithm.P256;
    }
    if (keyType != null && keyType == PKCS11Constants.CKK_EC_EDWARDS) {
      return IdentityAlgorithm.ED25519;
    }
    throw new CustodyException(CustodyFault.UNSUPPORTED, "key type " + keyType);
  }

  /** CKA_SUBJECT must be given (PKCS#11 3.0 section 4.6.3). */
  private static byte[] subject(Bytes certificate) {
    try {
      X509Certificate parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate.toArray()));
      return parsed.getSubjectX500Principal().getEncoded();
    } catch (CertificateException e) {
      throw new IllegalArgumentException("not the DER of a certificate", e);
    }
  }

  private static byte[] sha256(Bytes message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message.toArray());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
