package org.keyfleet.gcks.registration;

import java.util.Optional;
import org.keyfleet.protocol.ike.NatDetection.Endpoint;
import org.keyfleet.transport.LinkAddress;

/**
 * How a peer's datagrams come and how answers go back.
 *
 * @param link index of the link
 * @param marker whether IKE messages carry the non-ESP marker here (RFC 7296 section 2.23)
 * @param transport for the operator: udp or mqtt
 * @param ends the peer's and our own UDP end; empty where no NAT can be seen
 */
public record PeerPath(
    int link, LinkAddress peer, boolean marker, String transport, Optional<Ends> ends) {
  /** Both ends of a UDP path as we see them. */
  public record Ends(Endpoint remote, Endpoint local) {}

  boolean sameAs(PeerPath other) {
    return link == other.link && peer.equals(other.peer);
  }
}
