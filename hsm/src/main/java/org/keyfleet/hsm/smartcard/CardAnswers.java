package org.keyfleet.hsm.smartcard;

import org.keyfleet.protocol.octets.Bytes;

/** Keys and answers of the card's self-test; all of them public. */
final class CardAnswers {
  // RFC 4231 section 4.3: "Jefe", padded as HMAC does
  static final Bytes HMAC_KEY = Bytes.concat(Bytes.ofUtf8("Jefe"), Bytes.copyOf(new byte[28]));
  static final Bytes HMAC_DATA = Bytes.ofUtf8("what do ya want for nothing?");
  static final Bytes HMAC_TAG =
      Bytes.fromHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

  // RFC 5649 section 6, 20 octets of key data
  static final Bytes KEK = Bytes.fromHex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
  static final Bytes WRAPPED_20 =
      Bytes.fromHex("138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a");
  static final Bytes KEY_20 = Bytes.fromHex("c37b7e6492584340bed12207808941155068f738");

  /** 32 octets, 00 to 1f, wrapped under the same key. */
  static final Bytes WRAPPED_ROOT =
      Bytes.fromHex(
          "fe6a0320617d94d5abcd3cadbb5a15ee23574ad2a6509b3f5a2b3b9d96fda766e6d1204253503895");

  // RFC 5903 section 8.1: i, and the point of r
  static final Bytes SCALAR =
      Bytes.fromHex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
  static final Bytes PEER_POINT =
      Bytes.fromHex(
          "04"
              + "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
              + "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab");
  static final Bytes LABEL = Bytes.ofUtf8("keyfleet self-test");

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
