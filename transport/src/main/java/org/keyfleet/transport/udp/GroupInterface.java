package org.keyfleet.transport.udp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.stream.Collectors;
import org.keyfleet.transport.TransportException;

/** Network interfaces by name, with errors that say what to do. */
final class GroupInterface {
  private GroupInterface() {}

  /** The interface if it can carry the group. */
  static NetworkInterface carrying(InetAddress group, String name) throws TransportException {
    NetworkInterface found = named(name);
    try {
      if (group instanceof Inet6Address && found.isLoopback()) {
        // Linux has no ff00::/8 route on lo and delivers nothing there even with one
        throw new TransportException(
            "IPv6 multicast does not work on '"
                + name
                + "': configure another interface or an IPv4 group");
      }
      return found;
    } catch (SocketException e) {
      throw unreadable(name, e);
    }
  }

  private static NetworkInterface named(String name) throws TransportException {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      if (found == null) {
        throw new TransportException(
            "no network interface '" + name + "': configure one of " + present());
      }
      if (!found.isUp()) {
        throw new TransportException(
            "network interface '" + name + "' is down: ip link set " + name + " up");
      }
      return found;
    } catch (SocketException e) {
      throw unreadable(name, e);
    }
  }

  private static TransportException unreadable(String name, SocketException cause) {
    return new TransportException(
        "network interface '" + name + "' cannot be read: " + cause.getMessage(), cause);
  }

  private static String present() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .map(NetworkInterface::getName)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
