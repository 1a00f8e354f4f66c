package org.keyfleet.hsm;

import org.keyfleet.protocol.octets.Bytes;

/** The kinds of identity keys, with the DER of their AlgorithmIdentifier. */
public enum IdentityAlgorithm {
  /** ECDSA with SHA-256, and key agreement; id-ecPublicKey, secp256r1 (RFC 5480 section 2.1.1). */
  P256("3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107"),
  /** Ed25519 signatures (RFC 8410 section 3); no key agreement. */
  ED25519("3005 0603 2b6570");

  private final String algorithmIdentifier;

  IdentityAlgorithm(String algorithmIdentifier) {
    this.algorithmIdentifier = algorithmIdentifier;
  }

  public Bytes algorithmIdentifier() {
    return Bytes.fromHex(algorithmIdentifier);
  }

  /**
   * The DER of the SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) of a public key of this kind.
   *
   * @param publicKey the uncompressed point (65 octets) or the Ed25519 public key (32 octets)
   */
  public Bytes publicKeyInfo(Bytes publicKey) {
    int bitString = publicKey.size() + 1;
    Bytes identifier = algorithmIdentifier();
    int size = identifier.size() + 2 + bitString;
    return Bytes.concat(
        Bytes.of(0x30, size), identifier, Bytes.of(0x03, bitString, 0x00), publicKey);
  }
}
