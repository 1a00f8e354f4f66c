package org.keyfleet.transport.udp;

import java.net.InetAddress;
import java.util.Optional;
import org.keyfleet.transport.UdpAddress;

/**
 * A multicast group as a link sees it. Start from {@link #receiver} or {@link #sender} and refine.
 *
 * @param group the group's address and port
 * @param interfaceName the network interface, such as {@code eth0} or {@code lo}
 * @param receives joins the group and hears it
 * @param sends may send to the group
 * @param source the only source heard (source-specific multicast, RFC 4607); empty hears any
 * @param sendFrom the local address datagrams leave from, which receivers of a source-specific
 *     group name; empty leaves the choice to the routing table
 * @param hopLimit IPv4 TTL or IPv6 hop limit, 0 to 255; 1 stays on the local network
 * @param loopBack receivers on this machine hear it too
 */
public record MulticastSettings(
    UdpAddress group,
    String interfaceName,
    boolean receives,
    boolean sends,
    Optional<InetAddress> source,
    Optional<InetAddress> sendFrom,
    int hopLimit,
    boolean loopBack) {
  private static final int DEFAULT_HOP_LIMIT = 1;
  private static final int MAX_HOP_LIMIT = 255;

  public MulticastSettings {
    if (hopLimit < 0 || hopLimit > MAX_HOP_LIMIT) {
      throw new IllegalArgumentException("hop limit " + hopLimit + " is not 0 to 255");
    }
    if (!receives && !sends) {
      throw new IllegalArgumentException("a multicast link that neither receives nor sends");
    }
  }

  /** Hears the group from any source. */
  public static MulticastSettings receiver(UdpAddress group, String interfaceName) {
    return new MulticastSettings(
        group,
        interfaceName,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        DEFAULT_HOP_LIMIT,
        true);
  }

  /** Sends to the group without joining it. */
  public static MulticastSettings sender(UdpAddress group, String interfaceName) {
    return new MulticastSettings(
        group,
        interfaceName,
        false,
        true,
        Optional.empty(),
        Optional.empty(),
        DEFAULT_HOP_LIMIT,
        true);
  }

  /** The same, hearing {@code onlySource} alone. */
  public MulticastSettings hearing(InetAddress onlySource) {
    return new MulticastSettings(
        group,
        interfaceName,
        receives,
        sends,
        Optional.of(onlySource),
        sendFrom,
        hopLimit,
        loopBack);
  }

  /** The same, able to send too. */
  public MulticastSettings sending() {
    return new MulticastSettings(
        group, interfaceName, receives, true, source, sendFrom, hopLimit, loopBack);
  }

  /** The same, sending from {@code localAddress}. */
  public MulticastSettings sendingFrom(InetAddress localAddress) {
    return new MulticastSettings(
        group,
        interfaceName,
        receives,
        true,
        source,
        Optional.of(localAddress),
        hopLimit,
        loopBack);
  }

  /** The same with another TTL or hop limit. */
  public MulticastSettings withHopLimit(int newHopLimit) {
    return new MulticastSettings(
        group, interfaceName, receives, sends, source, sendFrom, newHopLimit, loopBack);
  }
}
