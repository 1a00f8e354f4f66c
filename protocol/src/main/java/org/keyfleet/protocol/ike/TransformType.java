package org.keyfleet.protocol.ike;

import java.util.Optional;

/** Transform types (RFC 7296 section 3.3.2, RFC 9827, RFC 9838 section 9). */
public enum TransformType {
  ENCR(1),
  PRF(2),
  INTEG(3),
  KE(4),
  /** Sequence Numbers, before RFC 9827: Extended Sequence Numbers. */
  SN(5),
  /** Key Wrap Algorithm. */
  KWA(13),
  /** Group Controller Authentication Method. */
  GCAUTH(14);

  private final int code;

  TransformType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<TransformType> ofCode(int code) {
    for (TransformType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
