package org.keyfleet.hsm.soft;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.util.BigIntegers;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.ec.P256;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Identity keys in host memory: the scalar of P-256 (32 octets, big-endian) or the seed of Ed25519
 * (RFC 8032 section 5.1.5). Bouncy Castle's numbers cannot be wiped; the threat model says so.
 */
final class SoftIdentity {
  private SoftIdentity() {}

  static SecretBytes generate(IdentityAlgorithm algorithm, SecureRandom random) {
    return switch (algorithm) {
      case P256 -> {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(P256.domain(), random));
        BigInteger scalar =
            ((ECPrivateKeyParameters) generator.generateKeyPair().getPrivate()).getD();
        yield SecretBytes.takeFrom(BigIntegers.asUnsignedByteArray(P256.FIELD_OCTETS, scalar));
      }
      case ED25519 -> SecretBytes.random(random, Ed25519PrivateKeyParameters.KEY_SIZE);
    };
  }

  static Bytes publicKeyInfo(IdentityAlgorithm algorithm, SecretBytes key) {
    byte[] publicKey =
        switch (algorithm) {
          case P256 -> P256.domain().getG().multiply(scalar(key)).normalize().getEncoded(false);
          case ED25519 -> ed25519(key).generatePublicKey().getEncoded();
        };
    return algorithm.publicKeyInfo(Bytes.copyOf(publicKey));
  }

  static Bytes sign(
      IdentityAlgorithm algorithm, SecretBytes key, Bytes message, SecureRandom random)
      throws CustodyException {
    return switch (algorithm) {
      case P256 -> signEcdsa(key, message, random);
      case ED25519 -> {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, ed25519(key));
        signer.update(message.toArray(), 0, message.size());
        yield Bytes.copyOf(signer.generateSignature());
      }
    };
  }

  /** The x-coordinate of the shared point, 32 octets (RFC 5903 section 7). */
  static SecretBytes agree(SecretBytes key, ECPublicKeyParameters peer) {
    ECDHBasicAgreement agreement = new ECDHBasicAgreement();
    agreement.init(new ECPrivateKeyParameters(scalar(key), P256.domain()));
    return SecretBytes.takeFrom(
        BigIntegers.asUnsignedByteArray(P256.FIELD_OCTETS, agreement.calculateAgreement(peer)));
  }

  private static Bytes signEcdsa(SecretBytes key, Bytes message, SecureRandom random)
      throws CustodyException {
    // random nonces: a GSA_REKEY is signed again until the signature has the foretold length
    ECDSASigner signer = new ECDSASigner();
    signer.init(
        true,
        new ParametersWithRandom(new ECPrivateKeyParameters(scalar(key), P256.domain()), random));
    BigInteger[] signature = signer.generateSignature(sha256(message));
    return P256.derSignature(signature[0], signature[1]);
  }

  private static byte[] sha256(Bytes message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message.toArray());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static BigInteger scalar(SecretBytes key) {
    return key.use(octets -> new BigInteger(1, octets));
  }

  private static Ed25519PrivateKeyParameters ed25519(SecretBytes key) {
    return key.use(
        octets -> {
          byte[] seed = Arrays.copyOf(octets, octets.length);
          try {
            return new Ed25519PrivateKeyParameters(seed, 0);
          } finally {
            Arrays.fill(seed, (byte) 0);
          }
        });
  }
}
