package org.keyfleet.gcks.server;

import java.util.Optional;
import org.keyfleet.gcks.registration.PeerPath;
import org.keyfleet.protocol.ike.NatDetection.Endpoint;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkAddress;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.udp.UdpLinks;

/**
 * A link that registrations come in by.
 *
 * @param marker whether IKE carries the non-ESP marker here (RFC 7296 section 2.23)
 * @param transport for the operator: udp or mqtt
 */
public record RegistrationLink(Link link, boolean marker, String transport) {
  PeerPath path(int index, LinkAddress peer) {
    return new PeerPath(index, peer, marker, transport, () -> ends(peer));
  }

  private Optional<PeerPath.Ends> ends(LinkAddress peer) {
    if (!(peer instanceof UdpAddress remote)
        || !(link.localAddress() instanceof UdpAddress local)) {
      return Optional.empty();
    }
    try {
      Bytes own =
          Bytes.copyOf(
              (local.host().isAnyLocalAddress() ? UdpLinks.sourceToward(remote) : local.host())
                  .getAddress());
      return Optional.of(
          new PeerPath.Ends(
              new Endpoint(Bytes.copyOf(remote.host().getAddress()), remote.port()),
              new Endpoint(own, local.port())));
    } catch (TransportException e) {
      return Optional.empty();
    }
  }
}
