package org.keyfleet.gcks.policy;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Where a group SA's datagrams go.
 *
 * @param interfaceName the outgoing interface; empty lets the system choose
 * @param source the sender's address for a source-specific group (RFC 4607)
 */
public record MulticastTarget(
    InetAddress address, int port, Optional<String> interfaceName, Optional<InetAddress> source) {
  public MulticastTarget {
    if (!address.isMulticastAddress()) {
      throw new IllegalArgumentException(address.getHostAddress() + " is no multicast address");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port);
    }
  }
}
