package org.keyfleet.protocol.ike;

import java.util.Optional;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SkCipher;

/**
 * The algorithms of one IKE SA.
 *
 * @param encryption cipher with its integrity algorithm
 * @param keyWrap present in G-IKEv2 (RFC 9838 section 4.5.4), empty with a plain IKEv2 peer
 */
public record IkeSuite(
    Encryption encryption, Prf prf, KeyExchangeMethod keyExchange, Optional<KeyWrap> keyWrap) {

  /**
   * A pair of transforms of types 1 and 3.
   *
   * @param keyBits 0 for a cipher of fixed key size
   * @param integrityId 0 (NONE) with an AEAD cipher
   */
  public record Encryption(int encryptionId, int keyBits, int integrityId) {
    public static final Encryption AES_GCM_128 =
        new Encryption(TransformIds.ENCR_AES_GCM_16, 128, TransformIds.INTEG_NONE);
    public static final Encryption AES_GCM_256 =
        new Encryption(TransformIds.ENCR_AES_GCM_16, 256, TransformIds.INTEG_NONE);
    public static final Encryption CHACHA20_POLY1305 =
        new Encryption(TransformIds.ENCR_CHACHA20_POLY1305, 0, TransformIds.INTEG_NONE);
    public static final Encryption AES_CBC_128_SHA256 =
        new Encryption(TransformIds.ENCR_AES_CBC, 128, TransformIds.AUTH_HMAC_SHA2_256_128);
    public static final Encryption AES_CBC_256_SHA256 =
        new Encryption(TransformIds.ENCR_AES_CBC, 256, TransformIds.AUTH_HMAC_SHA2_256_128);

    public Encryption {
      if (SkCipher.of(encryptionId, keyBits, integrityId).isEmpty()) {
        throw new IllegalArgumentException(
            "no cipher " + encryptionId + "-" + keyBits + " with " + integrityId);
      }
    }

    public SkCipher cipher() {
      return SkCipher.of(encryptionId, keyBits, integrityId).orElseThrow();
    }

    boolean isAead() {
      return integrityId == TransformIds.INTEG_NONE;
    }

    /** The transform of type 1, exactly as we send it and expect it. */
    Transform encryptionTransform() {
      return keyBits == 0
          ? Transform.of(TransformType.ENCR, encryptionId)
          : Transform.encryption(encryptionId, keyBits);
    }

    /** The transform of type 3. */
    Transform integrityTransform() {
      return Transform.of(TransformType.INTEG, integrityId);
    }
  }

  public SkCipher cipher() {
    return encryption.cipher();
  }
}
