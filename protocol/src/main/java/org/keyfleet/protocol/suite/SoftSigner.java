package org.keyfleet.protocol.suite;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import javax.security.auth.DestroyFailedException;
import javax.security.auth.Destroyable;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * A signing key in host memory. The library keeps its private value until the garbage collector
 * takes it.
 */
public final class SoftSigner implements org.keyfleet.protocol.suite.Signer, AutoCloseable {
  /** A fresh RSA key: 128 bits of strength (NIST SP 800-57 part 1), exponent F4. */
  private static final int RSA_BITS = 3072;

  private static final BigInteger RSA_EXPONENT = BigInteger.valueOf(65537);
  private static final int RSA_PRIME_CERTAINTY = 128;

  private final SignatureScheme scheme;
  private final Bytes subjectPublicKeyInfo;
  private final SecureRandom random;
  private @Nullable AsymmetricKeyParameter privateKey;

  private SoftSigner(
      SignatureScheme scheme,
      AsymmetricKeyParameter privateKey,
      AsymmetricKeyParameter publicKey,
      SecureRandom random) {
    this.scheme = scheme;
    this.privateKey = privateKey;
    this.random = random;
    try {
      this.subjectPublicKeyInfo =
          Bytes.copyOf(
              SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey).getEncoded("DER"));
    } catch (IOException e) {
      throw new IllegalArgumentException("a public key without encoding", e);
    }
  }

  /** A fresh key: Ed25519, P-256, P-384, ML-DSA, or RSA of 3072 bits, which takes seconds. */
  public static SoftSigner generate(SignatureScheme scheme, SecureRandom random) {
    AsymmetricCipherKeyPair pair =
        switch (scheme) {
          case ED25519 -> {
            Ed25519KeyPairGenerator generator = new Ed25519KeyPairGenerator();
            generator.init(new Ed25519KeyGenerationParameters(random));
            yield generator.generateKeyPair();
          }
          case ECDSA_P256_SHA256 -> ecPair(KeyExchangeMethod.ECP_256, random);
          case ECDSA_P384_SHA384 -> ecPair(KeyExchangeMethod.ECP_384, random);
          case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> {
            RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
            generator.init(
                new RSAKeyGenerationParameters(
                    RSA_EXPONENT, random, RSA_BITS, RSA_PRIME_CERTAINTY));
            yield generator.generateKeyPair();
          }
          case ML_DSA_44, ML_DSA_65 -> {
            try (SecretBytes seed = SecretBytes.random(random, MlDsa.SEED_OCTETS)) {
              yield mlDsaPair(scheme, seed);
            }
          }
        };
    return new SoftSigner(scheme, pair.getPrivate(), pair.getPublic(), random);
  }

  /**
   * The ML-DSA key of a seed (FIPS 204 section 6.1).
   *
   * @param seed 32 octets; stays the caller's
   * @throws IllegalArgumentException for a seed of another length, or a scheme whose keys are not
   *     made of one
   */
  public static SoftSigner ofSeed(SignatureScheme scheme, SecretBytes seed, SecureRandom random) {
    AsymmetricCipherKeyPair pair = mlDsaPair(scheme, seed);
    return new SoftSigner(scheme, pair.getPrivate(), pair.getPublic(), random);
  }

  /**
   * A key from an unencrypted PKCS#8 PrivateKeyInfo in DER, with the scheme its kind uses by
   * default.
   */
  public static SoftSigner ofPkcs8(SecretBytes privateKeyInfo, SecureRandom random)
      throws MalformedMessageException {
    AsymmetricKeyParameter key = parse(privateKeyInfo);
    SignatureScheme scheme =
        SignatureScheme.ofKey(key)
            .orElseThrow(
                () ->
                    new MalformedMessageException(
                        "private key: its kind or size is not supported"));
    return new SoftSigner(scheme, key, publicHalf(key), random);
  }

  @Override
  public SignatureScheme scheme() {
    return scheme;
  }

  @Override
  public Bytes subjectPublicKeyInfo() {
    return subjectPublicKeyInfo;
  }

  @Override
  public Bytes sign(Bytes message) throws SigningException {
    AsymmetricKeyParameter live = privateKey;
    if (live == null) {
      throw new SigningException("the key is closed");
    }
    Signer signer = scheme.signer();
    boolean randomised = scheme != SignatureScheme.ED25519;
    signer.init(true, randomised ? new ParametersWithRandom(live, random) : live);
    byte[] octets = message.toArray();
    signer.update(octets, 0, octets.length);
    try {
      return Bytes.copyOf(signer.generateSignature());
    } catch (CryptoException e) {
      throw new SigningException("the key could not sign", e);
    }
  }

  /** Forgets the private value; signing fails from now on. */
  @Override
  public void close() {
    AsymmetricKeyParameter last = privateKey;
    privateKey = null;
    if (last instanceof Destroyable wipeable) {
      try {
        wipeable.destroy();
      } catch (DestroyFailedException e) {
        throw new IllegalStateException("a private key that is not wiped", e);
      }
    }
  }

  @Override
  public String toString() {
    return "SoftSigner[" + scheme + "]";
  }

  private static AsymmetricCipherKeyPair ecPair(KeyExchangeMethod curve, SecureRandom random) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(NistCurves.named(curve), random));
    return generator.generateKeyPair();
  }

  private static AsymmetricCipherKeyPair mlDsaPair(SignatureScheme scheme, SecretBytes seed) {
    if (seed.size() != MlDsa.SEED_OCTETS) {
      throw new IllegalArgumentException("a seed of " + seed.size() + " octets");
    }
    MlDsa set =
        switch (scheme) {
          case ML_DSA_44 -> MlDsa.SET_44;
          case ML_DSA_65 -> MlDsa.SET_65;
          case ED25519,
              ECDSA_P256_SHA256,
              ECDSA_P384_SHA384,
              RSA_PSS_SHA256,
              RSA_PSS_SHA384,
              RSA_PSS_SHA512 ->
              throw new IllegalArgumentException(scheme + " from a seed");
        };
    MLDSAPrivateKeyParameters key =
        seed.use(octets -> new MLDSAPrivateKeyParameters(set.parameters(), octets));
    return new AsymmetricCipherKeyPair(key.getPublicKeyParameters(), key);
  }

  private static AsymmetricKeyParameter parse(SecretBytes privateKeyInfo)
      throws MalformedMessageException {
    try {
      return privateKeyInfo.use(
          octets -> {
            try {
              return PrivateKeyFactory.createKey(octets);
            } catch (IOException e) {
              throw new IllegalArgumentException(e);
            }
          });
    } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
      throw new MalformedMessageException("private key: not a PKCS#8 PrivateKeyInfo");
    }
  }

  private static AsymmetricKeyParameter publicHalf(AsymmetricKeyParameter key)
      throws MalformedMessageException {
    if (key instanceof Ed25519PrivateKeyParameters ed) {
      return ed.generatePublicKey();
    }
    if (key instanceof ECPrivateKeyParameters ec) {
      return new ECPublicKeyParameters(NistCurves.publicPoint(ec), ec.getParameters());
    }
    if (key instanceof RSAPrivateCrtKeyParameters rsa) {
      return new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
    }
    throw new MalformedMessageException("private key: its kind is not supported");
  }
}
