package org.keyfleet.transport.udp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import org.keyfleet.transport.TransportException;

/** The two sockets of a multicast group on one interface. */
final class GroupSockets {
  private GroupSockets() {}

  /**
   * A socket that hears the group: bound to the group's own address, so that neither unicast nor
   * other groups on the port reach it, and shared (SO_REUSEADDR), so that several processes on a
   * machine hear the group.
   */
  static DatagramChannel hearing(MulticastSettings settings, NetworkInterface on)
      throws TransportException {
    InetAddress group = scoped(settings.group().host(), on);
    DatagramChannel channel = Sockets.open(group);
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      Sockets.bind(channel, new InetSocketAddress(group, settings.group().port()));
      if (settings.source().isPresent()) {
        channel.join(group, on, settings.source().get());
      } else {
        channel.join(group, on);
      }
      return channel;
    } catch (TransportException e) {
      Sockets.closeQuietly(channel);
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      Sockets.closeQuietly(channel);
      throw new TransportException(
          "cannot join " + settings.group() + " on '" + on.getName() + "': " + e.getMessage(), e);
    }
  }

  /** A socket that sends to the group out of the interface. */
  static DatagramChannel sending(MulticastSettings settings, NetworkInterface on)
      throws TransportException {
    InetAddress from = settings.sendFrom().orElse(wildcardLike(settings.group().host()));
    DatagramChannel channel = Sockets.open(settings.group().host());
    try {
      channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, on);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, settings.hopLimit());
      channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, settings.loopBack());
      Sockets.bind(channel, new InetSocketAddress(from, 0));
      return channel;
    } catch (TransportException e) {
      Sockets.closeQuietly(channel);
      throw e;
    } catch (IOException e) {
      Sockets.closeQuietly(channel);
      throw new TransportException(
          "cannot send multicast from '"
              + on.getName()
              + "': "
              + e.getMessage()
              + "; give the interface an address",
          e);
    }
  }

  /**
   * The group with the interface as its IPv6 scope, without which ff02:: and ff12:: are refused.
   */
  static InetAddress scoped(InetAddress group, NetworkInterface on) throws TransportException {
    if (!(group instanceof Inet6Address)) {
      return group;
    }
    try {
      return Inet6Address.getByAddress(null, group.getAddress(), on.getIndex());
    } catch (UnknownHostException e) {
      throw new TransportException("group " + group.getHostAddress() + " has no IPv6 form", e);
    }
  }

  private static InetAddress wildcardLike(InetAddress group) throws TransportException {
    try {
      return InetAddress.getByAddress(new byte[group instanceof Inet4Address ? 4 : 16]);
    } catch (UnknownHostException e) {
      throw new TransportException("no wildcard address", e);
    }
  }
}
