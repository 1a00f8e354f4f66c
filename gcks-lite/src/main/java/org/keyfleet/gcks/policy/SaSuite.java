package org.keyfleet.gcks.policy;

/** Encryption of a group SA by its transform ID and key length (RFC 7296 section 3.3.2). */
public enum SaSuite {
  AES_128_GCM16(20, 128, 0),
  AES_256_GCM16(20, 256, 0),
  CHACHA20_POLY1305(28, 0, 0),
  AES_128_CBC_HMAC_SHA2_256(12, 128, 12),
  AES_256_CBC_HMAC_SHA2_512(12, 256, 14);

  private final int encryptionId;
  private final int keyBits;
  private final int integrityId;

  SaSuite(int encryptionId, int keyBits, int integrityId) {
    this.encryptionId = encryptionId;
    this.keyBits = keyBits;
    this.integrityId = integrityId;
  }

  public int encryptionId() {
    return encryptionId;
  }

  /** Value of the Key Length attribute in bits; 0 where the algorithm has one length only. */
  public int keyBits() {
    return keyBits;
  }

  /** Transform ID of the integrity algorithm; 0 (NONE) with an AEAD. */
  public int integrityId() {
    return integrityId;
  }

  public boolean aead() {
    return integrityId == 0;
  }
}
