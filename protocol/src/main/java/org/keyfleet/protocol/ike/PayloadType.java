package org.keyfleet.protocol.ike;

import java.util.Optional;

/**
 * Payload types this implementation understands (RFC 7296 section 3.2, RFC 7383, RFC 9838 section
 * 9). SAg is {@link #SA}.
 */
public enum PayloadType {
  SA(33),
  KE(34),
  IDI(35),
  IDR(36),
  CERT(37),
  CERTREQ(38),
  AUTH(39),
  NONCE(40),
  NOTIFY(41),
  DELETE(42),
  VENDOR_ID(43),
  TSI(44),
  TSR(45),
  SK(46),
  CP(47),
  EAP(48),
  IDG(50),
  GSA(51),
  KD(52),
  SKF(53);

  /** The Next Payload value of the last payload. */
  static final int NO_NEXT_PAYLOAD = 0;

  private final int code;

  PayloadType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<PayloadType> ofCode(int code) {
    for (PayloadType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
