package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;

/**
 * Tells apart what shares a NAT traversal port (RFC 3948 section 2): IKE behind four zero octets,
 * ESP behind its SPI, which is never zero, and the keepalive of one octet 0xff.
 */
public final class NonEspMarker {
  private static final Bytes MARKER = Bytes.of(0, 0, 0, 0);
  private static final Bytes KEEPALIVE = Bytes.of(0xff);

  /** What a datagram is. */
  public enum Kind {
    IKE,
    ESP,
    KEEPALIVE,
    /** None of the three: drop it. */
    TOO_SHORT
  }

  private NonEspMarker() {}

  /** The datagram of an IKE message. */
  public static Bytes add(Bytes message) {
    return Bytes.concat(MARKER, message);
  }

  /** The IKE message of a datagram that is {@link Kind#IKE}. */
  public static Bytes strip(Bytes datagram) {
    if (kind(datagram) != Kind.IKE) {
      throw new IllegalArgumentException("no marker in " + datagram.size() + " octets");
    }
    return datagram.slice(MARKER.size(), datagram.size());
  }

  public static Kind kind(Bytes datagram) {
    if (datagram.equals(KEEPALIVE)) {
      return Kind.KEEPALIVE;
    }
    if (datagram.size() < MARKER.size()) {
      return Kind.TOO_SHORT;
    }
    return datagram.slice(0, MARKER.size()).equals(MARKER) ? Kind.IKE : Kind.ESP;
  }

  /** The datagram that keeps a NAT's mapping alive (RFC 3948 section 2.3). */
  public static Bytes keepalive() {
    return KEEPALIVE;
  }
}
