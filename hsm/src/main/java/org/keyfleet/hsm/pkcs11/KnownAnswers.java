package org.keyfleet.hsm.pkcs11;

import org.keyfleet.protocol.octets.Bytes;

/** Keys and answers that the self-tests use; all of them public. */
public final class KnownAnswers {
  // RFC 4231 section 4.3; "Jefe" in the block's own padding, since SoftHSM wants 32 octets
  public static final Bytes HMAC_KEY =
      Bytes.concat(Bytes.ofUtf8("Jefe"), Bytes.copyOf(new byte[28]));
  public static final Bytes HMAC_DATA = Bytes.ofUtf8("what do ya want for nothing?");
  public static final Bytes HMAC_TAG =
      Bytes.fromHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

  // RFC 5649 section 6, 20 octets of key data
  public static final Bytes KEK = Bytes.fromHex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
  public static final Bytes WRAPPED_20 =
      Bytes.fromHex("138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a");
  public static final Bytes KEY_20 = Bytes.fromHex("c37b7e6492584340bed12207808941155068f738");

  /** The root below, wrapped under the same key. */
  public static final Bytes WRAPPED_ROOT =
      Bytes.fromHex(
          "fe6a0320617d94d5abcd3cadbb5a15ee23574ad2a6509b3f5a2b3b9d96fda766e6d1204253503895");

  public static final Bytes ROOT =
      Bytes.fromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

  /** HMAC of HMAC_DATA under the key derived from ROOT with LABEL. */
  public static final Bytes LABEL = Bytes.ofUtf8("keyfleet self-test");

  public static final Bytes DERIVED_TAG =
      Bytes.fromHex("3ec8bb75d2859e829fc8168fbc592f08147f0e7420b56239651044268eb85608");

  // RFC 5903 section 8.1: i, and the point of r
  public static final Bytes SCALAR =
      Bytes.fromHex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
  public static final Bytes PEER_POINT =
      Bytes.fromHex(
          "04"
              + "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
              + "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab");

  /** HMAC of HMAC_DATA under the key derived from the x-coordinate of ir with LABEL. */
  public static final Bytes AGREED_TAG =
      Bytes.fromHex("d126dc5f6e57507a7584d108923d0c652ed74f01409bb1ee07433f0e860ffbf6");

  private KnownAnswers() {}
}
