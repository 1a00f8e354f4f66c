package org.keyfleet.protocol.ike;

import java.util.Optional;

/** Identification types (RFC 7296 section 3.5). */
public enum IdType {
  ID_IPV4_ADDR(1),
  ID_FQDN(2),
  ID_RFC822_ADDR(3),
  ID_IPV6_ADDR(5),
  ID_DER_ASN1_DN(9),
  ID_DER_ASN1_GN(10),
  ID_KEY_ID(11);

  private final int code;

  IdType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<IdType> ofCode(int code) {
    for (IdType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
