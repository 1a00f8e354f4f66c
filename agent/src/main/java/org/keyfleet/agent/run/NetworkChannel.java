package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.config.GroupSettings;
import org.keyfleet.agent.group.GroupAgent;
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

  private final GroupSettings settings;
  private final GcksPath gcks;
  private final UdpLinks udp;
  private final Runnable wakeUp;
  private final Map<UdpAddress, Link> data = new LinkedHashMap<>();
  private final Optional<Link> application;
  private final Map<Bytes, Bytes> sources = new LinkedHashMap<>();
  private Optional<String> trouble = Optional.empty();

  NetworkChannel(GroupSettings settings, GcksPath gcks, UdpLinks udp, Runnable wakeUp)
      throws TransportException {
    this.settings = settings;
    this.gcks = gcks;
    this.udp = udp;
    this.wakeUp = wakeUp;
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
      UdpAddress group = new UdpAddress(address(policy.destination().start()), settings.dataPort());
      if (!data.containsKey(group) && group.multicast()) {
        MulticastSettings multicast =
            MulticastSettings.receiver(group, interfaceName(settings, group));
        Link link = udp.multicast(settings.sender() ? multicast.sending() : multicast);
        link.onArrival(wakeUp);
        data.put(group, link);
      }
    } catch (TransportException e) {
      failed(e);
    }
  }

  private void failed(TransportException e) {
    trouble = Optional.of(String.valueOf(e.getMessage()));
    LOG.log(Level.WARNING, "group " + settings.name() + ": " + e.getMessage());
  }

  /** What keeps multicast from being heard; empty when nothing does. */
  Optional<String> trouble() {
    return trouble;
  }

  @Override
  public void hearNothing() {
    gcks.hearNoRekeys();
    for (Link link : data.values()) {
      link.close();
    }
    data.clear();
  }

  @Override
  public Bytes sourceAddress(Bytes groupAddress) {
    Bytes known = sources.get(groupAddress);
    if (known == null) {
      known = lookUpSource(groupAddress);
      sources.put(groupAddress, known);
    }
    return known;
  }

  private static Bytes lookUpSource(Bytes groupAddress) {
    try {
      UdpAddress group = new UdpAddress(address(groupAddress), 9);
      byte[] source = UdpLinks.sourceToward(group).getAddress();
      if (source.length == groupAddress.size()) {
        return Bytes.copyOf(source);
      }
    } catch (TransportException e) {
      LOG.log(Level.DEBUG, "no source address: " + e.getMessage());
    }
    return Bytes.copyOf(new byte[groupAddress.size()]);
  }

  @Override
  public void sendData(Bytes packet, Bytes groupAddress) {
    try {
      UdpAddress group = new UdpAddress(address(groupAddress), settings.dataPort());
      Link link = data.get(group);
      if (link != null) {
        link.send(new Datagram(group, packet.toArray()));
      }
    } catch (TransportException e) {
      failed(e);
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
  boolean pump(GroupAgent agent) {
    boolean more = gcks.pump(agent);
    for (Link link : List.copyOf(data.values())) {
      more |= drain(link, datagram -> agent.onDataPacket(octets(datagram)));
    }
    if (application.isPresent() && settings.sender()) {
      more |=
          drain(
              application.get(),
              datagram -> agent.send(octets(datagram), ((UdpAddress) datagram.peer()).port()));
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
    links.addAll(data.values());
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
