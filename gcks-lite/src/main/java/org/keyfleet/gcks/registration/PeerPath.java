package org.keyfleet.gcks.registration;

import java.util.Optional;
import java.util.function.Supplier;
import org.keyfleet.protocol.ike.NatDetection.Endpoint;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.LinkAddress;
import org.keyfleet.transport.UdpAddress;

/**
 * How a peer's datagrams come and how answers go back.
 *
 * @param link index of the link
 * @param marker whether IKE messages carry the non-ESP marker here (RFC 7296 section 2.23)
 * @param transport for the operator: udp or mqtt
 * @param endsWhenAsked the peer's and our own UDP end; empty where no NAT can be seen. Asking costs
 *     a look at the routes
 */
public record PeerPath(
    int link,
    LinkAddress peer,
    boolean marker,
    String transport,
    Supplier<Optional<Ends>> endsWhenAsked) {
  /** Whoever has one IPv6 address has the 2^64 of its subnet (RFC 4291 section 2.5.1). */
  private static final int IPV6_SUBNET_OCTETS = 8;

  /** Both ends of a UDP path as we see them. */
  public record Ends(Endpoint remote, Endpoint local) {}

  /** Where the peer's datagrams come from. */
  Bytes source() {
    return Bytes.copyOf(peer.octets());
  }

  /** What one attacker has for certain: an IPv4 host, an IPv6 subnet, an MQTT topic. */
  Bytes network() {
    if (!(peer instanceof UdpAddress udp)) {
      return source();
    }
    Bytes host = Bytes.copyOf(udp.host().getAddress());
    return host.size() > IPV6_SUBNET_OCTETS ? host.slice(0, IPV6_SUBNET_OCTETS) : host;
  }
}
