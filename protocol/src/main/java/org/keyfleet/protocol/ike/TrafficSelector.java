package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * A traffic selector (RFC 7296 section 3.13.1), as the group SA policies of RFC 9838 section 4.4.2
 * hold it. Both ends of a range are included.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   TS Type     |IP Protocol ID |       Selector Length         |
 * |           Start Port          |           End Port            |
 * ~                         Starting Address                      ~
 * ~                         Ending Address                        ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param ipProtocol 0 for any
 * @param startPort 65535 with an end of 0 means OPAQUE
 * @param start 4 octets for IPv4, 16 for IPv6
 * @param end as many octets as {@code start}, and not below it
 */
public record TrafficSelector(int ipProtocol, int startPort, int endPort, Bytes start, Bytes end) {
  private static final int TS_IPV4_ADDR_RANGE = 7;
  private static final int TS_IPV6_ADDR_RANGE = 8;
  private static final int HEADER_OCTETS = 8;
  private static final int IPV4_OCTETS = 4;
  private static final int IPV6_OCTETS = 16;

  public TrafficSelector {
    if (!isAddress(start.size()) || !inOrder(start, end)) {
      throw new IllegalArgumentException("traffic selector: " + start + " to " + end);
    }
    if (ipProtocol < 0 || ipProtocol > 0xff || !isPort(startPort) || !isPort(endPort)) {
      throw new IllegalArgumentException("traffic selector: protocol " + ipProtocol);
    }
  }

  /** One address and one port of an IP protocol. */
  public static TrafficSelector of(int ipProtocol, Bytes address, int port) {
    return new TrafficSelector(ipProtocol, port, port, address, address);
  }

  public static TrafficSelector decode(ByteReader in) throws MalformedMessageException {
    int type = in.u8("TS type");
    if (type != TS_IPV4_ADDR_RANGE && type != TS_IPV6_ADDR_RANGE) {
      throw new MalformedMessageException("TS type: " + type);
    }
    int addressOctets = type == TS_IPV4_ADDR_RANGE ? IPV4_OCTETS : IPV6_OCTETS;
    int ipProtocol = in.u8("TS protocol");
    int length = in.u16("TS length");
    if (length != HEADER_OCTETS + 2 * addressOctets) {
      throw new MalformedMessageException("TS length: " + length);
    }
    int startPort = in.u16("TS start port");
    int endPort = in.u16("TS end port");
    Bytes start = in.take(addressOctets, "TS start address");
    Bytes end = in.take(addressOctets, "TS end address");
    if (!inOrder(start, end)) {
      throw new MalformedMessageException("TS addresses: end before start");
    }
    return new TrafficSelector(ipProtocol, startPort, endPort, start, end);
  }

  public void encode(ByteWriter out) {
    out.u8(start.size() == IPV4_OCTETS ? TS_IPV4_ADDR_RANGE : TS_IPV6_ADDR_RANGE).u8(ipProtocol);
    out.u16(HEADER_OCTETS + 2 * start.size()).u16(startPort).u16(endPort).bytes(start).bytes(end);
  }

  /** Whether it names exactly one address and one port. */
  public boolean isSingle() {
    return start.equals(end) && startPort == endPort;
  }

  private static boolean isAddress(int octets) {
    return octets == IPV4_OCTETS || octets == IPV6_OCTETS;
  }

  private static boolean isPort(int port) {
    return port >= 0 && port <= 0xffff;
  }

  private static boolean inOrder(Bytes start, Bytes end) {
    if (start.size() != end.size()) {
      return false;
    }
    for (int i = 0; i < start.size(); i++) {
      if (start.at(i) != end.at(i)) {
        return start.at(i) < end.at(i);
      }
    }
    return true;
  }
}
