package org.keyfleet.transport.udp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;

/** Opens UDP links on one {@link SelectorLoop}. */
public final class UdpLinks {
  private final SelectorLoop loop;
  private final QueueLimits inboundLimits;

  /** Links that share {@code loop}, each with an inbound queue of {@code inboundLimits}. */
  public UdpLinks(SelectorLoop loop, QueueLimits inboundLimits) {
    this.loop = loop;
    this.inboundLimits = inboundLimits;
  }

  /**
   * A unicast link.
   *
   * @param local an address of this machine or the wildcard ({@code ::} serves IPv4 too); port 0
   *     takes a free port
   * @throws TransportException when the port is in use or the address is not this machine's
   */
  public Link unicast(UdpAddress local) throws TransportException {
    return UnicastLink.open(loop, local, inboundLimits);
  }

  /**
   * A link to a multicast group.
   *
   * @throws TransportException when the interface is missing or down, or the group does not fit
   */
  public Link multicast(MulticastSettings settings) throws TransportException {
    return MulticastLink.open(loop, settings, inboundLimits);
  }

  /**
   * The address this machine would send from to reach {@code peer}: what a link on the wildcard
   * address puts into its NAT_DETECTION_SOURCE_IP (RFC 7296 section 2.23).
   *
   * @throws TransportException when there is no route
   */
  public static InetAddress sourceToward(UdpAddress peer) throws TransportException {
    try (DatagramChannel probe = DatagramChannel.open(Sockets.family(peer.host()))) {
      probe.connect(peer.socketAddress());
      return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
    } catch (IOException | UnsupportedOperationException e) {
      throw new TransportException("no route to " + peer + ": check the address and routes", e);
    }
  }
}
