package org.keyfleet.transport.udp;

/** How many octets a UDP datagram carries. */
final class DatagramSizes {
  /** IPv4: 65535 octets less 20 (IP header, RFC 791) and 8 (RFC 768). */
  private static final int MAX_IPV4 = 65_507;

  /** IPv6: the payload length field counts up to 65535 octets (RFC 8200), less 8. */
  private static final int MAX_IPV6 = 65_527;

  /**
   * The smallest MTU of an IPv6 link, 1280 octets (RFC 8200 section 5), less 40 and 8. RFC 7383
   * section 2.5.1 recommends the same MTU as the first guess.
   */
  static final int UNFRAGMENTED = 1_232;

  private DatagramSizes() {}

  static int max(boolean ipv6) {
    return ipv6 ? MAX_IPV6 : MAX_IPV4;
  }
}
