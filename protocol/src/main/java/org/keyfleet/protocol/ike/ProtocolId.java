package org.keyfleet.protocol.ike;

import java.util.Optional;

/** Security Protocol Identifiers (RFC 7296 section 3.3.1, RFC 9838 section 9). */
public enum ProtocolId {
  IKE(1),
  AH(2),
  ESP(3),
  GIKE_UPDATE(6);

  /** In a notify or delete: no protocol; in a delete of G-IKEv2 the whole group SA. */
  public static final int NONE = 0;

  private final int code;

  ProtocolId(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<ProtocolId> ofCode(int code) {
    for (ProtocolId id : values()) {
      if (id.code == code) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }
}
