package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.config.GcksSettings;
import org.keyfleet.agent.config.GroupSettings;
import org.keyfleet.agent.group.GroupAgent;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.NonEspMarker;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.udp.MulticastSettings;
import org.keyfleet.transport.udp.UdpLinks;

/**
 * IKE messages over unicast UDP, on a second pair of ports with the non-ESP marker once a NAT is
 * seen (RFC 7296 section 2.23); rekeys over the multicast address of the Rekey SA's policy.
 */
final class UdpPath implements GcksPath {
  private static final Logger LOG = System.getLogger(UdpPath.class.getName());

  /**
   * Ours: a policy that moves the group to another address leaves the old one heard for a while.
   */
  private static final int MAX_REKEY_LINKS = 2;

  private final GroupSettings group;
  private final GcksSettings settings;
  private final UdpLinks udp;
  private final Runnable wakeUp;
  private final Link primary;
  private final Map<UdpAddress, Link> rekeys = new LinkedHashMap<>();
  private @Nullable Link natLink;
  private @Nullable UdpAddress server;

  UdpPath(GroupSettings group, GcksSettings settings, UdpLinks udp, Runnable wakeUp)
      throws TransportException {
    this.group = group;
    this.settings = settings;
    this.udp = udp;
    this.wakeUp = wakeUp;
    this.primary = open(settings.localPort());
  }

  private Link open(int port) throws TransportException {
    String host = settings.localAddress().isPresent() ? settings.localAddress().get() : "0.0.0.0";
    if (settings.localAddress().isEmpty() && settings.address().orElse("").indexOf(':') >= 0) {
      host = "::";
    }
    Link link = udp.unicast(UdpAddress.resolve(host, port));
    link.onArrival(wakeUp);
    return link;
  }

  /** The name may lead elsewhere after an outage, so each registration looks it up. */
  @Override
  public Optional<PathEnds> path() {
    try {
      UdpAddress found = UdpAddress.resolve(settings.address().orElse(""), settings.port());
      server = found;
      return Optional.of(ends(primary, found));
    } catch (TransportException e) {
      LOG.log(Level.WARNING, "group " + group.name() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static PathEnds ends(Link link, UdpAddress remote) throws TransportException {
    UdpAddress local = (UdpAddress) link.localAddress();
    InetAddress host =
        local.host().isAnyLocalAddress() ? UdpLinks.sourceToward(remote) : local.host();
    return new PathEnds(
        new NatDetection.Endpoint(Bytes.copyOf(host.getAddress()), local.port()),
        new NatDetection.Endpoint(Bytes.copyOf(remote.host().getAddress()), remote.port()));
  }

  @Override
  public void send(List<Bytes> datagrams, boolean natPort) {
    UdpAddress peer = server;
    Link link = natPort ? natLink() : primary;
    if (peer == null || link == null) {
      return; // retransmission tries again
    }
    UdpAddress target = natPort ? new UdpAddress(peer.host(), settings.natPort()) : peer;
    for (Bytes datagram : datagrams) {
      link.send(new Datagram(target, datagram.toArray()));
    }
  }

  private @Nullable Link natLink() {
    if (natLink == null) {
      try {
        natLink = open(settings.localNatPort());
      } catch (TransportException e) {
        LOG.log(Level.WARNING, "group " + group.name() + ": " + e.getMessage());
      }
    }
    return natLink;
  }

  @Override
  public void hearRekeys(RekeySaPolicy policy) throws TransportException {
    TrafficSelector destination = policy.destination();
    UdpAddress address =
        new UdpAddress(NetworkChannel.address(destination.start()), destination.startPort());
    if (rekeys.containsKey(address)) {
      return;
    }
    MulticastSettings multicast =
        MulticastSettings.receiver(address, NetworkChannel.interfaceName(group, address));
    if (isSourceSpecific(address) && policy.source().start().equals(policy.source().end())) {
      multicast = multicast.hearing(NetworkChannel.address(policy.source().start()));
    }
    Link link = udp.multicast(multicast);
    link.onArrival(wakeUp);
    rekeys.put(address, link);
    if (rekeys.size() > MAX_REKEY_LINKS) {
      UdpAddress oldest = rekeys.keySet().iterator().next();
      Link old = rekeys.remove(oldest);
      if (old != null) {
        old.close();
      }
    }
  }

  /** RFC 4607 section 1: 232.0.0.0/8 and ff3x::/32. */
  private static boolean isSourceSpecific(UdpAddress address) {
    byte[] octets = address.host().getAddress();
    return address.ipv6()
        ? (octets[1] & 0xf0) == 0x30 && octets[2] == 0 && octets[3] == 0
        : (octets[0] & 0xff) == 232;
  }

  @Override
  public void hearNoRekeys() {
    for (Link link : rekeys.values()) {
      link.close();
    }
    rekeys.clear();
  }

  @Override
  public boolean pump(GroupAgent agent) {
    boolean more =
        NetworkChannel.drain(
            primary, datagram -> received(agent, primary, datagram, datagramOctets(datagram)));
    Link nat = natLink;
    if (nat != null) {
      more |=
          NetworkChannel.drain(
              nat,
              datagram -> {
                Bytes octets = datagramOctets(datagram);
                if (NonEspMarker.kind(octets) == NonEspMarker.Kind.IKE) {
                  received(agent, nat, datagram, NonEspMarker.strip(octets));
                }
              });
    }
    for (Link link : List.copyOf(rekeys.values())) {
      more |=
          NetworkChannel.drain(link, datagram -> agent.onRekeyDatagram(datagramOctets(datagram)));
    }
    return more;
  }

  private static Bytes datagramOctets(Datagram datagram) {
    return NetworkChannel.octets(datagram);
  }

  /** Only the GCKS's host may answer; its port is a NAT's to change. */
  private void received(GroupAgent agent, Link link, Datagram datagram, Bytes message) {
    UdpAddress peer = (UdpAddress) datagram.peer();
    UdpAddress known = server;
    if (known == null || !known.host().equals(peer.host())) {
      return;
    }
    try {
      agent.onRegistrationMessage(message, Optional.of(ends(link, peer)));
    } catch (TransportException e) {
      LOG.log(Level.DEBUG, "no route back: " + e.getMessage());
    }
  }

  @Override
  public int unfragmentedOctets() {
    return primary.unfragmentedOctets();
  }

  @Override
  public List<Link> links() {
    List<Link> links = new ArrayList<>();
    links.add(primary);
    Link nat = natLink;
    if (nat != null) {
      links.add(nat);
    }
    links.addAll(rekeys.values());
    return links;
  }

  @Override
  public void close() {
    hearNoRekeys();
    primary.close();
    Link nat = natLink;
    if (nat != null) {
      nat.close();
    }
  }
}
