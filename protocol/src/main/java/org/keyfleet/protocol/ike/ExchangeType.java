package org.keyfleet.protocol.ike;

import java.util.Optional;

/** Exchange types: RFC 7296 section 3.1, RFC 5723, RFC 9838 section 9, RFC 9242, RFC 9370. */
public enum ExchangeType {
  IKE_SA_INIT(34),
  IKE_AUTH(35),
  CREATE_CHILD_SA(36),
  INFORMATIONAL(37),
  IKE_SESSION_RESUME(38),
  GSA_AUTH(39),
  GSA_REGISTRATION(40),
  GSA_REKEY(41),
  GSA_INBAND_REKEY(42),
  IKE_INTERMEDIATE(43),
  IKE_FOLLOWUP_KE(44);

  private final int code;

  ExchangeType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<ExchangeType> ofCode(int code) {
    for (ExchangeType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
