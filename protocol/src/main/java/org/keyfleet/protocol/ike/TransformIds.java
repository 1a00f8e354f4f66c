package org.keyfleet.protocol.ike;

/**
 * Transform IDs that the suites do not name themselves (RFC 7296 section 3.3.2 and its registry).
 */
public final class TransformIds {
  // Type 1, ENCR
  public static final int ENCR_AES_CBC = 12;
  public static final int ENCR_AES_GCM_16 = 20; // RFC 5282
  public static final int ENCR_CHACHA20_POLY1305 = 28; // RFC 7634

  // Type 3, INTEG
  public static final int INTEG_NONE = 0;
  public static final int AUTH_HMAC_SHA2_256_128 = 12; // RFC 4868
  public static final int AUTH_HMAC_SHA2_384_192 = 13;
  public static final int AUTH_HMAC_SHA2_512_256 = 14;

  // Type 5, Sequence Numbers: RFC 9827
  public static final int SN_32_BIT_SEQUENTIAL = 0;
  public static final int SN_64_BIT_PARTIALLY_TRANSMITTED = 1;
  public static final int SN_32_BIT_UNSPECIFIED = 2;

  // Type 14, GCAUTH: RFC 9838 section 9
  public static final int GCAUTH_IMPLICIT = 1;
  public static final int GCAUTH_DIGITAL_SIGNATURE = 2;

  private TransformIds() {}
}
