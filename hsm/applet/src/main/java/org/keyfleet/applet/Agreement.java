package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.CryptoException;
import javacard.security.ECPrivateKey;
import javacard.security.KeyAgreement;
import javacard.security.KeyBuilder;

/** ECDH over P-256 and the derivation after it; the shared secret never leaves this class. */
final class Agreement {
  static final short POINT_OCTETS = 65;

  private final KeyAgreement ecdh =
      KeyAgreement.getInstance(KeyAgreement.ALG_EC_SVDP_DH_PLAIN, false);
  private final AESKey shared =
      (AESKey)
          KeyBuilder.buildKey(
              KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, KeyBuilder.LENGTH_AES_256, false);
  private final ECPrivateKey trial = trialKey();
  private final KeyUnwrap aes;
  private final Hmac hmac;
  private final byte[] work;

  /**
   * @param work transient memory of {@link P256#WORK_OCTETS}
   */
  Agreement(KeyUnwrap aes, Hmac hmac, byte[] work) {
    this.aes = aes;
    this.hmac = hmac;
    this.work = work;
  }

  /** In working memory where the card can. */
  private static ECPrivateKey trialKey() {
    byte type = KeyBuilder.TYPE_EC_FP_PRIVATE_TRANSIENT_DESELECT;
    try {
      return (ECPrivateKey) KeyBuilder.buildKey(type, KeyBuilder.LENGTH_EC_FP_256, false);
    } catch (CryptoException notOffered) {
      type = KeyBuilder.TYPE_EC_FP_PRIVATE;
      return (ECPrivateKey) KeyBuilder.buildKey(type, KeyBuilder.LENGTH_EC_FP_256, false);
    }
  }

  /**
   * Takes point | label at {@code at}, and writes the derived key of 32 octets to the start of
   * {@code data}.
   */
  void agree(ECPrivateKey key, byte[] data, short at, short octets) {
    short labelOctets = (short) (octets - POINT_OCTETS);
    if (labelOctets < 1) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    boolean sound = P256.isOnCurve(data, at, work);
    Util.arrayFillNonAtomic(work, (short) 0, P256.WORK_OCTETS, (byte) 0);
    if (!sound) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    ecdh.init(key);
    ecdh.generateSecret(data, at, POINT_OCTETS, work, (short) 0);
    shared.setKey(work, (short) 0);
    Util.arrayFillNonAtomic(work, (short) 0, P256.WORK_OCTETS, (byte) 0);
    hmac.digest(data, (short) (at + POINT_OCTETS), labelOctets, data, (short) 0);
    aes.derive(shared, data, (short) 0);
    shared.clearKey();
  }

  /** The same with a private key of the caller's own, which comes first: for known answers. */
  void tryAgree(byte[] data, short octets) {
    if (octets <= P256.FIELD_OCTETS) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    P256.setDomain(trial);
    trial.setS(data, (short) 0, P256.FIELD_OCTETS);
    agree(trial, data, P256.FIELD_OCTETS, (short) (octets - P256.FIELD_OCTETS));
    trial.clearKey();
  }
}
