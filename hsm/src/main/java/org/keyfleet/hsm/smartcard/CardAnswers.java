package org.keyfleet.hsm.smartcard;

import org.keyfleet.hsm.pkcs11.KnownAnswers;
import org.keyfleet.protocol.octets.Bytes;

/** Keys and answers of the card's self-test: those of every token, and the agreed key itself. */
final class CardAnswers {
  static final Bytes HMAC_KEY = KnownAnswers.HMAC_KEY;
  static final Bytes HMAC_DATA = KnownAnswers.HMAC_DATA;
  static final Bytes HMAC_TAG = KnownAnswers.HMAC_TAG;
  static final Bytes KEK = KnownAnswers.KEK;
  static final Bytes WRAPPED_20 = KnownAnswers.WRAPPED_20;
  static final Bytes KEY_20 = KnownAnswers.KEY_20;
  static final Bytes WRAPPED_ROOT = KnownAnswers.WRAPPED_ROOT;
  static final Bytes SCALAR = KnownAnswers.SCALAR;
  static final Bytes PEER_POINT = KnownAnswers.PEER_POINT;
  static final Bytes LABEL = KnownAnswers.LABEL;

  /** AES-256-ECB of SHA-256(LABEL) under the x-coordinate of the shared point. */
  static final Bytes AGREED_KEY =
      Bytes.fromHex("03e24b149031c8e3cd48cd53ffcaf6b460eb1bbbfed57a78fe1e7d94de0a4c56");

  private CardAnswers() {}
}
