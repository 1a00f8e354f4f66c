package org.keyfleet.protocol.gikev2;

import static org.keyfleet.protocol.ike.TransformIds.INTEG_NONE;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.ike.TransformType;

/**
 * The ENCR and INTEG transforms of a group SA. Numbers, not algorithms: whether the device has the
 * algorithm is asked where it is used.
 *
 * @param encryptionId ENCR transform ID; 0 where there is no encryption (AH)
 * @param keyBits the Key Length attribute; 0 when the cipher has one key length
 * @param integrityId INTEG transform ID; 0 is NONE and the same as no INTEG transform
 */
public record CipherSuite(int encryptionId, int keyBits, int integrityId) {
  /** ENCR transform ID 0 is reserved: here it says that there is no ENCR transform. */
  public static final int NO_ENCRYPTION = 0;

  // Ciphers that authenticate: AES-CCM, AES-GCM, AES-GMAC, Camellia-CCM, ChaCha20-Poly1305,
  // the implicit-IV forms of RFC 8750, MGM (RFC 9227, RFC 9385)
  private static final Set<Integer> AEAD =
      Set.of(14, 15, 16, 18, 19, 20, 21, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35);

  // Ciphers for which no two senders may ever use one IV: RFC 9838 section 2.5 and their kind
  private static final Set<Integer> COUNTER_MODE =
      Set.of(13, 14, 15, 16, 18, 19, 20, 21, 24, 25, 26, 27, 28);

  // RFC 7634: one key length, so no Key Length attribute
  private static final Set<Integer> CHACHA20_POLY1305 = Set.of(28, 31);

  // RFC 8750 section 7
  private static final Set<Integer> IMPLICIT_IV = Set.of(29, 30, 31);

  public CipherSuite {
    if (!isU16(encryptionId) || !isU16(keyBits) || !isU16(integrityId)) {
      throw new IllegalArgumentException(
          "ENCR " + encryptionId + " key " + keyBits + " INTEG " + integrityId);
    }
  }

  public static CipherSuite aead(int encryptionId, int keyBits) {
    return new CipherSuite(encryptionId, keyBits, INTEG_NONE);
  }

  public boolean isAead() {
    return AEAD.contains(encryptionId);
  }

  public boolean isCounterMode() {
    return COUNTER_MODE.contains(encryptionId);
  }

  /** The IV comes from the ESP sequence number. */
  public boolean isImplicitIv() {
    return IMPLICIT_IV.contains(encryptionId);
  }

  /** Strength of the encryption key: the Key Length attribute, 256 for ChaCha20, else 0. */
  int encryptionKeyBits() {
    return CHACHA20_POLY1305.contains(encryptionId) ? 256 : keyBits;
  }

  List<Transform> transforms() {
    List<Transform> transforms = new ArrayList<>();
    if (encryptionId != NO_ENCRYPTION) {
      transforms.add(
          keyBits == 0
              ? Transform.of(TransformType.ENCR, encryptionId)
              : Transform.encryption(encryptionId, keyBits));
    }
    if (integrityId != INTEG_NONE) {
      transforms.add(Transform.of(TransformType.INTEG, integrityId));
    }
    return transforms;
  }

  private static boolean isU16(int value) {
    return value >= 0 && value <= 0xffff;
  }
}
