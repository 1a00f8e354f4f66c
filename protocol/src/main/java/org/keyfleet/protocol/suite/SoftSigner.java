package org.keyfleet.protocol.suite;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * A signing key in host memory. The library keeps its private value until the garbage collector
 * takes it.
 */
public final class SoftSigner implements org.keyfleet.protocol.suite.Signer {
  private final SignatureScheme scheme;
  private final AsymmetricKeyParameter privateKey;
  private final Bytes subjectPublicKeyInfo;
  private final SecureRandom random;

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

  /** A fresh key: Ed25519, P-256 or P-384. */
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
          case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 ->
              throw new IllegalArgumentException("RSA keys are imported, not generated");
        };
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
    Signer signer = scheme.signer();
    boolean randomised = scheme != SignatureScheme.ED25519;
    signer.init(true, randomised ? new ParametersWithRandom(privateKey, random) : privateKey);
    byte[] octets = message.toArray();
    signer.update(octets, 0, octets.length);
    try {
      return Bytes.copyOf(signer.generateSignature());
    } catch (CryptoException e) {
      throw new SigningException("the key could not sign", e);
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
      return new ECPublicKeyParameters(
          ec.getParameters().getG().multiply(ec.getD()), ec.getParameters());
    }
    if (key instanceof RSAPrivateCrtKeyParameters rsa) {
      return new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
    }
    throw new MalformedMessageException("private key: its kind is not supported");
  }
}
