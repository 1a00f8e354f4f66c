package org.keyfleet.protocol.suite;

import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * The protection of an SK payload, of a GSA_REKEY message or of an ESP packet: encryption with
 * integrity. The caller brings the padding: plaintext goes in with it and comes out with it.
 */
public abstract class SkCipher {
  /** Transform IDs of Transform Type 1 (RFC 3602, RFC 5282, RFC 7634). */
  public static final int ENCR_AES_CBC = 12;

  public static final int ENCR_AES_GCM_16 = 20;
  public static final int ENCR_CHACHA20_POLY1305 = 28;

  private final int encryptionKeyOctets;
  private final int integrityKeyOctets;
  private final int ivOctets;
  private final int icvOctets;
  private final int blockOctets;

  SkCipher(
      int encryptionKeyOctets,
      int integrityKeyOctets,
      int ivOctets,
      int icvOctets,
      int blockOctets) {
    this.encryptionKeyOctets = encryptionKeyOctets;
    this.integrityKeyOctets = integrityKeyOctets;
    this.ivOctets = ivOctets;
    this.icvOctets = icvOctets;
    this.blockOctets = blockOctets;
  }

  /**
   * The cipher of a pair of transforms; empty when we have none.
   *
   * @param encrId Transform Type 1
   * @param keyBits its Key Length attribute, 0 when there is none
   * @param integId Transform Type 3, 0 (NONE) with an AEAD cipher
   */
  public static Optional<SkCipher> of(int encrId, int keyBits, int integId) {
    boolean aesKey = keyBits == 128 || keyBits == 192 || keyBits == 256;
    if (encrId == ENCR_AES_GCM_16 && aesKey && integId == 0) {
      return Optional.of(AeadSkCipher.aesGcm(keyBits / 8));
    }
    // RFC 7634 section 4: the key length is fixed, so a Key Length attribute MUST NOT be there
    if (encrId == ENCR_CHACHA20_POLY1305 && keyBits == 0 && integId == 0) {
      return Optional.of(AeadSkCipher.chaCha20Poly1305());
    }
    if (encrId == ENCR_AES_CBC && aesKey) {
      return Integrity.ofTransformId(integId)
          .map(integrity -> new CbcSkCipher(keyBits / 8, integrity));
    }
    return Optional.empty();
  }

  /** With an AEAD cipher the 4 octets of salt at its end count in (RFC 5282 section 7.1). */
  public final int encryptionKeyOctets() {
    return encryptionKeyOctets;
  }

  /** 0 with an AEAD cipher. */
  public final int integrityKeyOctets() {
    return integrityKeyOctets;
  }

  public final int ivOctets() {
    return ivOctets;
  }

  public final int icvOctets() {
    return icvOctets;
  }

  /** Plaintext with its padding is a multiple of this. */
  public final int blockOctets() {
    return blockOctets;
  }

  public final boolean aead() {
    return integrityKeyOctets == 0;
  }

  /**
   * Seals: IV | ciphertext | ICV. With an AEAD cipher an IV must never be used twice under one key.
   */
  public final Bytes seal(
      SecretBytes encryptionKey,
      SecretBytes integrityKey,
      Bytes iv,
      Bytes associatedData,
      byte[] plaintext) {
    requireSizes(encryptionKey, integrityKey);
    if (iv.size() != ivOctets || plaintext.length % blockOctets != 0) {
      throw new IllegalArgumentException(
          "IV of " + iv.size() + ", plaintext of " + plaintext.length + " octets");
    }
    return sealChecked(encryptionKey, integrityKey, iv, associatedData, plaintext);
  }

  /** Opens IV | ciphertext | ICV; the caller owns and wipes the plaintext. */
  public final byte[] open(
      SecretBytes encryptionKey, SecretBytes integrityKey, Bytes associatedData, Bytes sealed)
      throws NotAuthenticException {
    requireSizes(encryptionKey, integrityKey);
    int ciphertextOctets = sealed.size() - ivOctets - icvOctets;
    if (ciphertextOctets < 0 || ciphertextOctets % blockOctets != 0) {
      throw new NotAuthenticException();
    }
    return openChecked(encryptionKey, integrityKey, associatedData, sealed);
  }

  abstract Bytes sealChecked(
      SecretBytes encryptionKey,
      SecretBytes integrityKey,
      Bytes iv,
      Bytes associatedData,
      byte[] plaintext);

  abstract byte[] openChecked(
      SecretBytes encryptionKey, SecretBytes integrityKey, Bytes associatedData, Bytes sealed)
      throws NotAuthenticException;

  private void requireSizes(SecretBytes encryptionKey, SecretBytes integrityKey) {
    if (encryptionKey.size() != encryptionKeyOctets || integrityKey.size() != integrityKeyOctets) {
      throw new IllegalArgumentException(
          "keys of " + encryptionKey.size() + " and " + integrityKey.size() + " octets");
    }
  }
}
