package org.keyfleet.hsm.smartcard;

import org.keyfleet.protocol.octets.Bytes;

/**
 * Answers of the card's self-test that no other token gives: the agreed key itself, and a signature
 * to verify. The rest is in {@link org.keyfleet.hsm.pkcs11.KnownAnswers}.
 */
final class CardAnswers {
  /** AES-256-ECB of SHA-256(LABEL) under the x-coordinate of the shared point. */
  static final Bytes AGREED_KEY =
      Bytes.fromHex("03e24b149031c8e3cd48cd53ffcaf6b460eb1bbbfed57a78fe1e7d94de0a4c56");

  // RFC 6979 appendix A.2.5, SHA-256, message "sample"
  static final Bytes GCKS_POINT =
      Bytes.fromHex(
          "04"
              + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
              + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  static final Bytes SIGNED = Bytes.ofUtf8("sample");
  static final Bytes SIGNATURE =
      Bytes.fromHex(
          "3046"
              + "022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
              + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

  private CardAnswers() {}
}
