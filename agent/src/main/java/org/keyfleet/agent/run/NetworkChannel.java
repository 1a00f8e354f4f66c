package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.config.GroupSettings;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.group.GroupChannel;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.udp.MulticastSettings;
import org.keyfleet.transport.udp.UdpLinks;

/**
 * A group's links: registration and rekeys by {@link GcksPath}, data over multicast, applications
 * over loopback. Owned by the owner thread.
 */
final class NetworkChannel implements GroupChannel, AutoCloseable {
  private static final Logger LOG = System.getLogger(NetworkChannel.class.getName());

  /** Ours: datagrams taken from one link before another has its turn. */
  private static final int BURST_DATAGRAMS = 64;

  /** Ours: more addresses at a time than that no policy has. */
  static final int MAX_DATA_LINKS = 8;

  private static final long TICK_NANOS = 1_000_000_000L;

  /** Any port does to ask for a route. */
  private static final int DISCARD_PORT = 9;

  private final GroupSettings settings;
  private final GcksPath gcks;
  private final UdpLinks udp;
  private final Runnable wakeUp;
  private final SourceAddresses sources;
  private final WantedLinks data;
  private final Optional<Link> application;
  private Optional<String> trouble = Optional.empty();
  private long tickNanos;

  NetworkChannel(
      GroupSettings settings,
      GcksPath gcks,
      UdpLinks udp,
      Runnable wakeUp,
      SourceAddresses sources,
      WantedLinks data)
      throws TransportException {
    this.settings = settings;
    this.gcks = gcks;
    this.udp = udp;
    this.wakeUp = wakeUp;
    this.sources = sources;
    this.data = data;
    this.application = application();
  }

  /** One socket for both directions: applications are on this machine. */
  private Optional<Link> application() throws TransportException {
    if (settings.listen().isEmpty() && settings.deliver().isEmpty()) {
      return Optional.empty();
    }
    UdpAddress local =
        settings.listen().isPresent()
            ? UdpAddress.of(settings.listen().get())
            : new UdpAddress(settings.deliver().get().getAddress(), 0);
    Link link = udp.unicast(local);
    link.onArrival(wakeUp);
    return Optional.of(link);
  }

  @Override
  public Optional<PathEnds> path() {
    return gcks.path();
  }

  @Override
  public Optional<String> unreachable() {
    return gcks.unreachable();
  }

  @Override
  public void toGcks(List<Bytes> datagrams, boolean natPort) {
    gcks.send(datagrams, natPort);
  }

  @Override
  public void hearRekeys(RekeySaPolicy policy) {
    try {
      gcks.hearRekeys(policy);
      trouble = Optional.empty();
    } catch (TransportException e) {
      failed(e);
    }
  }

  @Override
  public void hearData(DataSaPolicy policy) {
    try {
      UdpAddress group = group(policy);
      if (group.multicast()) {
        data.want(group, () -> openData(group));
      }
    } catch (TransportException e) {
      failed(e);
    }
  }

  private Link openData(UdpAddress group) throws TransportException {
    MulticastSettings multicast = MulticastSettings.receiver(group, interfaceName(settings, group));
    return udp.multicast(settings.sender() ? multicast.sending() : multicast);
  }

  private UdpAddress group(DataSaPolicy policy) throws TransportException {
    return new UdpAddress(address(policy.destination().start()), settings.dataPort());
  }

  private void failed(TransportException e) {
    trouble = Optional.of(String.valueOf(e.getMessage()));
    LOG.log(Level.WARNING, "group " + settings.name() + ": " + e.getMessage());
  }

  /** What keeps multicast from being heard; empty when nothing does. */
  Optional<String> trouble() {
    return trouble.or(gcks::trouble).or(data::trouble);
  }

  /** Tries again to hear what could not be heard, and hears no longer what no SA uses. */
  void tick(DataPlane plane, long nowNanos) {
    if (nowNanos < tickNanos) {
      return;
    }
    tickNanos = nowNanos + TICK_NANOS;
    gcks.tick();
    data.keep(address -> isUsed(plane, address));
    data.tick();
  }

  private boolean isUsed(DataPlane plane, UdpAddress address) {
    for (DataPlane.Entry sa : plane.entries()) {
      try {
        if (group(sa.policy()).equals(address)) {
          return true;
        }
      } catch (TransportException e) {
        failed(e);
      }
    }
    return false;
  }

  @Override
  public void hearNothing() {
    gcks.hearNoRekeys();
    data.close();
  }

  @Override
  public Bytes sourceAddress(Bytes groupAddress) {
    try {
      byte[] source =
          sources.toward(new UdpAddress(address(groupAddress), DISCARD_PORT)).getAddress();
      if (source.length == groupAddress.size()) {
        return Bytes.copyOf(source);
      }
    } catch (TransportException e) {
      LOG.log(Level.DEBUG, "no source address: " + e.getMessage());
    }
    return Bytes.copyOf(new byte[groupAddress.size()]);
  }

  @Override
  public boolean sendData(Bytes packet, Bytes groupAddress) {
    try {
      UdpAddress group = new UdpAddress(address(groupAddress), settings.dataPort());
      Link link = data.find(group);
      return link != null && link.send(new Datagram(group, packet.toArray()));
    } catch (TransportException e) {
      failed(e);
      return false;
    }
  }

  @Override
  public void deliver(Bytes payload) {
    Optional<InetSocketAddress> target = settings.deliver();
    if (target.isPresent() && application.isPresent()) {
      application.get().send(new Datagram(UdpAddress.of(target.get()), payload.toArray()));
    }
  }

  /**
   * Hands over what has arrived.
   *
   * @return whether there may be more
   */
  boolean pump(AgentDoor door) {
    boolean more = gcks.pump(door);
    for (Link link : data.links()) {
      more |=
          drain(
              link,
              datagram -> {
                Bytes octets = octets(datagram);
                door.enter(agent -> agent.onDataPacket(octets));
              });
    }
    // without listen the socket is there to deliver from: nobody was told to send to it
    if (application.isPresent() && settings.sender() && settings.listen().isPresent()) {
      more |=
          drain(
              application.get(),
              datagram -> {
                Bytes octets = octets(datagram);
                int port = ((UdpAddress) datagram.peer()).port();
                door.enter(agent -> agent.send(octets, port));
              });
    }
    return more;
  }

  /** Takes a datagram. */
  @FunctionalInterface
  interface Taker {
    void take(Datagram datagram);
  }

  static boolean drain(Link link, Taker taker) {
    for (int i = 0; i < BURST_DATAGRAMS; i++) {
      Datagram datagram = link.poll();
      if (datagram == null) {
        return false;
      }
      taker.take(datagram);
    }
    return true;
  }

  static Bytes octets(Datagram datagram) {
    return Bytes.copyOf(datagram.octets());
  }

  static InetAddress address(Bytes octets) throws TransportException {
    try {
      return InetAddress.getByAddress(octets.toArray());
    } catch (UnknownHostException e) {
      throw new TransportException("an address of " + octets.size() + " octets", e);
    }
  }

  /** The configured interface, or the one that the routing table takes towards the group. */
  static String interfaceName(GroupSettings settings, UdpAddress group) throws TransportException {
    if (settings.networkInterface().isPresent()) {
      return settings.networkInterface().get();
    }
    try {
      @Nullable NetworkInterface found =
          NetworkInterface.getByInetAddress(UdpLinks.sourceToward(group));
      if (found != null) {
        return found.getName();
      }
    } catch (SocketException e) {
      throw new TransportException("no network interface for " + group + ": set interface", e);
    }
    throw new TransportException("no network interface for " + group + ": set interface");
  }

  /** Every open link with its state, for {@code status}. */
  List<String> describe() {
    List<Link> links = new ArrayList<>(gcks.links());
    links.addAll(data.links());
    List<String> lines = new ArrayList<>(links.size());
    for (Link link : links) {
      LinkState state = link.state();
      String detail = state.detail().isEmpty() ? "" : ": " + state.detail();
      lines.add(link.name() + " " + state.condition() + detail);
    }
    return lines;
  }

  @Override
  public void close() {
    hearNothing();
    gcks.close();
    if (application.isPresent()) {
      application.get().close();
    }
  }
}
