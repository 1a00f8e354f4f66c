package org.keyfleet.protocol.gikev2;

import java.io.IOException;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;

/**
 * The content of AUTH_KEY: a DER SubjectPublicKeyInfo whose algorithm "MUST match the content of
 * the Signature Algorithm Identifier attribute" (RFC 9838 section 4.5.3.2). That is literal for
 * EdDSA, ML-DSA and RSASSA-PSS. With ECDSA the two OIDs differ by construction, and we read it as:
 * the key is of the scheme's curve.
 */
public final class AuthKey {
  private static final AlgorithmIdentifier RSA =
      new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);

  private AuthKey() {}

  /** The AUTH_KEY of a signer; with RSASSA-PSS its algorithm is id-RSASSA-PSS with parameters. */
  public static Bytes of(Signer signer) {
    Bytes plain = signer.subjectPublicKeyInfo();
    if (!isRsaPss(signer.scheme())) {
      return plain;
    }
    try {
      AlgorithmIdentifier algorithm =
          AlgorithmIdentifier.getInstance(signer.scheme().algorithmIdentifier().toArray());
      SubjectPublicKeyInfo rsa = SubjectPublicKeyInfo.getInstance(plain.toArray());
      byte[] key = rsa.getPublicKeyData().getOctets();
      return Bytes.copyOf(new SubjectPublicKeyInfo(algorithm, key).getEncoded("DER"));
    } catch (IOException e) {
      throw new IllegalArgumentException("a public key without encoding", e);
    }
  }

  /**
   * The key of a peer's AUTH_KEY in the form that {@link SignatureScheme#verify} takes; empty when
   * it does not go with {@code scheme}. An RSA key under the OID rsaEncryption is let pass; under
   * id-RSASSA-PSS "the parameters field MUST include the RSASSA-PSS-params structure", the same as
   * in the attribute.
   */
  static Optional<Bytes> verificationKey(SignatureScheme scheme, Bytes authKey) {
    if (!isRsaPss(scheme)) {
      return Optional.of(authKey).filter(scheme::fits);
    }
    try {
      SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(authKey.toArray());
      AlgorithmIdentifier wanted =
          AlgorithmIdentifier.getInstance(scheme.algorithmIdentifier().toArray());
      boolean pss = info.getAlgorithm().getAlgorithm().equals(wanted.getAlgorithm());
      if (pss && !info.getAlgorithm().equals(wanted)) {
        return Optional.empty();
      }
      byte[] key = info.getPublicKeyData().getOctets();
      Bytes plain =
          pss ? Bytes.copyOf(new SubjectPublicKeyInfo(RSA, key).getEncoded("DER")) : authKey;
      return Optional.of(plain).filter(scheme::fits);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static boolean isRsaPss(SignatureScheme scheme) {
    return switch (scheme) {
      case ED25519, ECDSA_P256_SHA256, ECDSA_P384_SHA384, ML_DSA_44, ML_DSA_65 -> false;
      case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> true;
    };
  }
}
