package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.config.GcksSettings;
import org.keyfleet.agent.config.GroupSettings;
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
  static final int MAX_REKEY_LINKS = 2;

  // RFC 7296 section 3.1
  private static final int SPI_OCTETS = 8;
  private static final int SPIS_OCTETS = 16;
  private static final Bytes NO_SPI = Bytes.copyOf(new byte[SPI_OCTETS]);

  private final GroupSettings group;
  private final GcksSettings settings;
  private final UdpLinks udp;
  private final Runnable wakeUp;
  private final GcksHost host;
  private final SourceAddresses sources;
  private final WantedLinks rekeys;
  private final Link primary;
  private @Nullable Link natLink;
  private Optional<String> unreachable = Optional.empty();

  /** Whether a registration waits for the host's address. */
  private boolean unresolved;

  /** Where the next IKE SA goes to. */
  private @Nullable UdpAddress next;

  /** Where the IKE SA that began last goes to, and its initiator's SPI: it stays with one host. */
  private @Nullable UdpAddress server;

  private Bytes serverSpi = Bytes.EMPTY;

  UdpPath(
      GroupSettings group,
      GcksSettings settings,
      UdpLinks udp,
      Runnable wakeUp,
      GcksHost host,
      SourceAddresses sources,
      WantedLinks rekeys)
      throws TransportException {
    this.group = group;
    this.settings = settings;
    this.udp = udp;
    this.wakeUp = wakeUp;
    this.host = host;
    this.sources = sources;
    this.rekeys = rekeys;
    this.primary = open(settings.localPort());
  }

  private Link open(int port) throws TransportException {
    Link link = udp.unicast(UdpAddress.resolve(localHost(settings), port));
    link.onArrival(wakeUp);
    return link;
  }

  private static String localHost(GcksSettings settings) {
    boolean ipv6 = settings.address().orElse("").indexOf(':') >= 0;
    return settings.localAddress().orElse(ipv6 ? "::" : "0.0.0.0");
  }

  /** Whether our sockets reach IPv4 alone. */
  static boolean ipv4Only(GcksSettings settings) {
    return localHost(settings).indexOf(':') < 0;
  }

  /** The name may lead elsewhere after an outage, so each registration has it looked up. */
  @Override
  public Optional<PathEnds> path() {
    host.refresh();
    Optional<InetAddress> address = host.address();
    if (address.isEmpty()) {
      unreachable = Optional.of(host.trouble());
      unresolved = true;
      return Optional.empty();
    }
    UdpAddress found = new UdpAddress(address.get(), settings.port());
    try {
      PathEnds ends = ends(primary, found, sources.nowToward(found));
      next = found;
      unreachable = Optional.empty();
      return Optional.of(ends);
    } catch (TransportException e) {
      unreachable = Optional.of(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> unreachable() {
    return unreachable;
  }

  private static PathEnds ends(Link link, UdpAddress remote, InetAddress source) {
    UdpAddress local = (UdpAddress) link.localAddress();
    InetAddress own = local.host().isAnyLocalAddress() ? source : local.host();
    return new PathEnds(
        new NatDetection.Endpoint(Bytes.copyOf(own.getAddress()), local.port()),
        new NatDetection.Endpoint(Bytes.copyOf(remote.host().getAddress()), remote.port()));
  }

  @Override
  public void send(List<Bytes> datagrams, boolean natPort) {
    for (Bytes datagram : datagrams) {
      if (!natPort) {
        pin(datagram);
      }
      UdpAddress peer = server;
      Link link = natPort ? natLink() : primary;
      if (peer == null || link == null) {
        return; // retransmission tries again
      }
      UdpAddress target = natPort ? new UdpAddress(peer.host(), settings.natPort()) : peer;
      link.send(new Datagram(target, datagram.toArray()));
    }
  }

  /** An IKE_SA_INIT request, the one without a responder's SPI, may go to another host. */
  private void pin(Bytes datagram) {
    if (datagram.size() < SPIS_OCTETS) {
      return;
    }
    Bytes initiator = datagram.slice(0, SPI_OCTETS);
    if (datagram.slice(SPI_OCTETS, SPIS_OCTETS).equals(NO_SPI) && !initiator.equals(serverSpi)) {
      server = next;
      serverSpi = initiator;
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
    Optional<InetAddress> source =
        isSourceSpecific(address) && policy.source().start().equals(policy.source().end())
            ? Optional.of(NetworkChannel.address(policy.source().start()))
            : Optional.empty();
    rekeys.want(
        address,
        () -> {
          MulticastSettings multicast =
              MulticastSettings.receiver(address, NetworkChannel.interfaceName(group, address));
          return udp.multicast(source.isPresent() ? multicast.hearing(source.get()) : multicast);
        });
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
    rekeys.close();
  }

  @Override
  public void tick() {
    rekeys.tick();
  }

  @Override
  public Optional<String> trouble() {
    return rekeys.trouble();
  }

  @Override
  public boolean pump(AgentDoor door) {
    if (unresolved && host.address().isPresent()) {
      unresolved = false;
      door.enter(GroupSlot::hurry);
    }
    boolean more =
        NetworkChannel.drain(
            primary, datagram -> received(door, primary, datagram, datagramOctets(datagram)));
    Link nat = natLink;
    if (nat != null) {
      more |=
          NetworkChannel.drain(
              nat,
              datagram -> {
                Bytes octets = datagramOctets(datagram);
                if (NonEspMarker.kind(octets) == NonEspMarker.Kind.IKE) {
                  received(door, nat, datagram, NonEspMarker.strip(octets));
                }
              });
    }
    for (Link link : rekeys.links()) {
      more |=
          NetworkChannel.drain(
              link,
              datagram -> {
                Bytes octets = datagramOctets(datagram);
                door.enter(agent -> agent.onRekeyDatagram(octets));
              });
    }
    return more;
  }

  private static Bytes datagramOctets(Datagram datagram) {
    return NetworkChannel.octets(datagram);
  }

  /** Only the GCKS's host may answer; its port is a NAT's to change. */
  private void received(AgentDoor door, Link link, Datagram datagram, Bytes message) {
    UdpAddress peer = (UdpAddress) datagram.peer();
    UdpAddress known = server;
    if (known == null || !known.host().equals(peer.host())) {
      return;
    }
    try {
      PathEnds ends = ends(link, peer, sources.toward(known));
      door.enter(agent -> agent.onRegistrationMessage(message, Optional.of(ends)));
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
    links.addAll(rekeys.links());
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
