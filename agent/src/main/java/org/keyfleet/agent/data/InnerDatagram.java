package org.keyfleet.agent.data;

import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The application's datagram as it stands inside ESP: a UDP header in transport mode, an IP header
 * before it in tunnel mode, where the destination is the group's address (RFC 5374 section 3.1,
 * "address preservation").
 */
record InnerDatagram(int sourcePort, int destinationPort, Bytes payload) {
  // Protocol numbers
  static final int IPV4 = 4;
  static final int UDP = 17;
  static final int IPV6 = 41;

  // RFC 768, RFC 791, RFC 8200
  private static final int UDP_HEADER_OCTETS = 8;
  private static final int IPV4_HEADER_OCTETS = 20;
  private static final int IPV6_HEADER_OCTETS = 40;
  private static final int IPV4_ADDRESS_OCTETS = 4;
  private static final int HOP_LIMIT = 1;

  /** What {@link #encode} gives to ESP. */
  record Encoded(int nextHeader, Bytes octets) {}

  /**
   * The octets to seal.
   *
   * @param source our address in tunnel mode, of the family of {@code destination}
   */
  Encoded encode(boolean tunnel, Bytes source, Bytes destination) {
    if (!tunnel) {
      return new Encoded(UDP, udp(0));
    }
    if (destination.size() == IPV4_ADDRESS_OCTETS) {
      return new Encoded(IPV4, Bytes.concat(ipv4Header(source, destination), udp(0)));
    }
    ByteWriter header = new ByteWriter().u32(0x6000_0000L);
    header.u16(udpOctets()).u8(UDP).u8(HOP_LIMIT).bytes(source).bytes(destination);
    // RFC 8200 section 8.1: over IPv6 the UDP checksum is not optional
    Bytes pseudo =
        new ByteWriter()
            .bytes(source)
            .bytes(destination)
            .u32(udpOctets())
            .u32(UDP)
            .bytes(udp(0))
            .toBytes();
    int sum = checksum(pseudo);
    return new Encoded(IPV6, header.bytes(udp(sum == 0 ? 0xffff : sum)).toBytes());
  }

  /** Whether ESP and the length fields take a payload of so many octets. */
  static boolean fits(int payloadOctets, boolean tunnel, Bytes destination) {
    int header =
        destination.size() == IPV4_ADDRESS_OCTETS ? IPV4_HEADER_OCTETS : IPV6_HEADER_OCTETS;
    return payloadOctets + UDP_HEADER_OCTETS + (tunnel ? header : 0) <= EspPacket.MAX_INNER_OCTETS;
  }

  private Bytes ipv4Header(Bytes source, Bytes destination) {
    Bytes blank = ipv4Header(source, destination, 0);
    return ipv4Header(source, destination, checksum(blank));
  }

  private Bytes ipv4Header(Bytes source, Bytes destination, int checksum) {
    return new ByteWriter()
        .u8(0x45)
        .u8(0)
        .u16(IPV4_HEADER_OCTETS + udpOctets())
        .u32(0)
        .u8(HOP_LIMIT)
        .u8(UDP)
        .u16(checksum)
        .bytes(source)
        .bytes(destination)
        .toBytes();
  }

  private Bytes udp(int checksum) {
    return new ByteWriter()
        .u16(sourcePort)
        .u16(destinationPort)
        .u16(udpOctets())
        .u16(checksum)
        .bytes(payload)
        .toBytes();
  }

  private int udpOctets() {
    return UDP_HEADER_OCTETS + payload.size();
  }

  /**
   * Reads an opened packet and checks it against the SA's selector (RFC 4301 section 5.2, step 4).
   */
  static InnerDatagram decode(
      boolean tunnel, EspPacket.Content content, TrafficSelector destination)
      throws MalformedMessageException {
    ByteReader in = content.payload().reader();
    if (tunnel) {
      skipIpHeader(content.nextHeader(), in, destination.start());
    } else if (content.nextHeader() != UDP) {
      throw new MalformedMessageException("ESP next header: " + content.nextHeader());
    }
    int sourcePort = in.u16("source port");
    int destinationPort = in.u16("destination port");
    int length = in.u16("UDP length");
    in.skip(2, "UDP checksum"); // the ICV says more
    // RFC 4303 section 2.7: dummy octets for traffic flow confidentiality may follow
    Bytes payload = in.take(length - UDP_HEADER_OCTETS, "UDP payload");
    if (destinationPort < destination.startPort() || destinationPort > destination.endPort()) {
      throw new MalformedMessageException("destination port outside the SA's selector");
    }
    return new InnerDatagram(sourcePort, destinationPort, payload);
  }

  private static void skipIpHeader(int nextHeader, ByteReader in, Bytes destination)
      throws MalformedMessageException {
    boolean v4 = destination.size() == IPV4_ADDRESS_OCTETS;
    if (nextHeader != (v4 ? IPV4 : IPV6)) {
      throw new MalformedMessageException("ESP next header: " + nextHeader);
    }
    int first = in.peekU8("IP version");
    if (v4) {
      int headerOctets = (first & 0x0f) * 4;
      if (first >> 4 != 4 || headerOctets < IPV4_HEADER_OCTETS) {
        throw new MalformedMessageException("inner IPv4 header");
      }
      in.skip(9, "IPv4");
      requireUdp(in.u8("IPv4 protocol"));
      in.skip(6, "IPv4");
      requireDestination(in.take(4, "IPv4 destination"), destination);
      in.skip(headerOctets - IPV4_HEADER_OCTETS, "IPv4 options");
      return;
    }
    if (first >> 4 != 6) {
      throw new MalformedMessageException("inner IPv6 header");
    }
    in.skip(6, "IPv6");
    requireUdp(in.u8("IPv6 next header"));
    in.skip(IPV6_HEADER_OCTETS - 7 - 16, "IPv6");
    requireDestination(in.take(16, "IPv6 destination"), destination);
  }

  private static void requireUdp(int protocol) throws MalformedMessageException {
    if (protocol != UDP) {
      throw new MalformedMessageException("inner protocol: " + protocol);
    }
  }

  private static void requireDestination(Bytes address, Bytes wanted)
      throws MalformedMessageException {
    if (!address.equals(wanted)) {
      throw new MalformedMessageException("destination address outside the SA's selector");
    }
  }

  /** RFC 1071. */
  private static int checksum(Bytes octets) {
    long sum = 0;
    for (int i = 0; i < octets.size(); i++) {
      sum += i % 2 == 0 ? (long) octets.at(i) << 8 : octets.at(i);
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (int) (~sum & 0xffff);
  }
}
