package org.keyfleet.protocol.suite;

import java.util.Optional;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.RSABlindedEngine;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Signature schemes of RFC 7427 (Digital Signature, auth method 14), RFC 8420 and RFC 9881. The
 * AlgorithmIdentifier travels in the AUTH payload and in the Signature Algorithm Identifier
 * attribute of RFC 9838 section 4.4.2.1.1.
 */
public enum SignatureScheme {
  /** RFC 8420 section 3 and appendix A.1. */
  ED25519("300506032b6570", 5),
  /** RFC 7427 appendix A.3.2. */
  ECDSA_P256_SHA256("300a06082a8648ce3d040302", 2),
  /** RFC 7427 appendix A.3.3. */
  ECDSA_P384_SHA384("300a06082a8648ce3d040303", 3),
  /** RFC 4055 section 3.1; see {@link PssIdentifier}. */
  RSA_PSS_SHA256(PssIdentifier.SHA2_256.der(), 2),
  RSA_PSS_SHA384(PssIdentifier.SHA2_384.der(), 3),
  RSA_PSS_SHA512(PssIdentifier.SHA2_512.der(), 4),
  /** RFC 9881 section 3, FIPS 204: pure, with an empty context; for rekey messages only. */
  ML_DSA_44("300b0609608648016503040311", 5),
  ML_DSA_65("300b0609608648016503040312", 5);

  /** Ours: one octet counts it in an AUTH payload (RFC 7427 section 3). */
  private static final int MAX_IDENTIFIER_OCTETS = 255;

  private final String algorithmIdentifierHex;
  private final int hashId;

  SignatureScheme(String algorithmIdentifierHex, int hashId) {
    this.algorithmIdentifierHex = algorithmIdentifierHex;
    this.hashId = hashId;
  }

  /**
   * The scheme with this AlgorithmIdentifier, if we have it. For RSASSA-PSS also the encodings that
   * RFC 4055 section 2.1 and RFC 7427 appendix A.4.3 allow besides ours.
   */
  public static Optional<SignatureScheme> ofAlgorithmIdentifier(Bytes der) {
    if (der.size() > MAX_IDENTIFIER_OCTETS) {
      return Optional.empty();
    }
    String hex = der.hex();
    for (SignatureScheme scheme : values()) {
      if (scheme.algorithmIdentifierHex.equals(hex)) {
        return Optional.of(scheme);
      }
    }
    return PssIdentifier.ofDer(hex)
        .map(
            pss ->
                switch (pss) {
                  case SHA2_256 -> RSA_PSS_SHA256;
                  case SHA2_384 -> RSA_PSS_SHA384;
                  case SHA2_512 -> RSA_PSS_SHA512;
                });
  }

  /** The DER AlgorithmIdentifier. */
  public Bytes algorithmIdentifier() {
    return Bytes.fromHex(algorithmIdentifierHex);
  }

  /**
   * Its number in SIGNATURE_HASH_ALGORITHMS: 2 SHA2-256, 3 SHA2-384, 4 SHA2-512, 5 Identity (RFC
   * 7427, RFC 8420).
   */
  public int hashId() {
    return hashId;
  }

  /**
   * Whether it proves identities in IKE_AUTH and GSA_AUTH. ML-DSA does not: it signs rekey
   * messages, with a key that members learn at registration (AUTH_KEY) and never from a
   * certificate.
   */
  public boolean provesIdentities() {
    return switch (this) {
      case ED25519, ECDSA_P256_SHA256, ECDSA_P384_SHA384 -> true;
      case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> true;
      case ML_DSA_44, ML_DSA_65 -> false;
    };
  }

  /** Whether the public key is of this scheme's kind and of a size we accept. */
  public boolean fits(Bytes subjectPublicKeyInfo) {
    return publicKey(subjectPublicKeyInfo).isPresent();
  }

  /** Verifies; a key that does not fit the scheme is not authentic either. */
  public void verify(Bytes subjectPublicKeyInfo, Bytes message, Bytes signature)
      throws NotAuthenticException {
    if (signature.size() > maxSignatureOctets()) {
      throw new NotAuthenticException();
    }
    Signer verifier = signer();
    verifier.init(false, publicKey(subjectPublicKeyInfo).orElseThrow(NotAuthenticException::new));
    byte[] octets = message.toArray();
    verifier.update(octets, 0, octets.length);
    if (!verifier.verifySignature(signature.toArray())) {
      throw new NotAuthenticException();
    }
  }

  /** The scheme that a key of this kind uses by default; empty when there is none. */
  static Optional<SignatureScheme> ofKey(AsymmetricKeyParameter key) {
    for (SignatureScheme scheme : values()) {
      if (scheme.fits(key)) {
        return Optional.of(scheme);
      }
    }
    return Optional.empty();
  }

  boolean fits(CipherParameters key) {
    return switch (this) {
      case ED25519 ->
          key instanceof Ed25519PublicKeyParameters || key instanceof Ed25519PrivateKeyParameters;
      case ECDSA_P256_SHA256 ->
          key instanceof ECKeyParameters ec
              && NistCurves.named(KeyExchangeMethod.ECP_256).equals(ec.getParameters());
      case ECDSA_P384_SHA384 ->
          key instanceof ECKeyParameters ec
              && NistCurves.named(KeyExchangeMethod.ECP_384).equals(ec.getParameters());
      case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 ->
          key instanceof RSAKeyParameters rsa && PublicKeyInfo.acceptsSize(rsa);
      case ML_DSA_44 -> key instanceof MLDSAPublicKeyParameters ml && MlDsa.SET_44.has(ml);
      case ML_DSA_65 -> key instanceof MLDSAPublicKeyParameters ml && MlDsa.SET_65.has(ml);
    };
  }

  /** A signer or verifier that is not initialised. */
  Signer signer() {
    return switch (this) {
      case ED25519 -> new Ed25519Signer();
      // random nonces: a GSA_REKEY is signed again until the DER signature has the length that was
      // signed with it (RFC 9838 section 2.4.1.1)
      case ECDSA_P256_SHA256, ECDSA_P384_SHA384 ->
          new DSADigestSigner(new ECDSASigner(), digest(), StandardDSAEncoding.INSTANCE);
      case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> {
        Digest digest = digest();
        yield new PSSSigner(new RSABlindedEngine(), digest, digest.getDigestSize());
      }
      case ML_DSA_44, ML_DSA_65 -> new MLDSASigner();
    };
  }

  /** Longer signatures are refused unread; those of ML-DSA all have this length. */
  public int maxSignatureOctets() {
    return switch (this) {
      case ED25519,
          ECDSA_P256_SHA256,
          ECDSA_P384_SHA384,
          RSA_PSS_SHA256,
          RSA_PSS_SHA384,
          RSA_PSS_SHA512 ->
          PublicKeyInfo.MAX_RSA_BITS / 8;
      case ML_DSA_44 -> MlDsa.SET_44.signatureOctets();
      case ML_DSA_65 -> MlDsa.SET_65.signatureOctets();
    };
  }

  private Digest digest() {
    return switch (hashId) {
      case 2 -> SHA256Digest.newInstance();
      case 3 -> new SHA384Digest();
      default -> new SHA512Digest();
    };
  }

  private Optional<AsymmetricKeyParameter> publicKey(Bytes subjectPublicKeyInfo) {
    return PublicKeyInfo.parse(subjectPublicKeyInfo).filter(this::fits);
  }
}
