package org.keyfleet.transport.udp;

import java.net.InetAddress;
import org.keyfleet.transport.TransportException;

/** Which groups need a source (RFC 4607) and whether the settings of a group fit together. */
final class SourceSpecific {
  private SourceSpecific() {}

  /** 232.0.0.0/8 and ff3x::/32 (RFC 4607 section 1). */
  static boolean range(InetAddress group) {
    byte[] octets = group.getAddress();
    if (octets.length == 4) {
      return (octets[0] & 0xff) == 232;
    }
    return (octets[0] & 0xff) == 0xff
        && (octets[1] & 0xf0) == 0x30
        && octets[2] == 0
        && octets[3] == 0;
  }

  static void check(MulticastSettings settings) throws TransportException {
    InetAddress group = settings.group().host();
    String name = group.getHostAddress();
    if (!group.isMulticastAddress()) {
      throw new TransportException(
          name
              + " is not a group address: use 224.0.0.0/4 or ff00::/8, or configure it as unicast");
    }
    if (settings.receives() && settings.source().isEmpty() && range(group)) {
      throw new TransportException(
          "group " + name + " is source-specific (RFC 4607): configure the sender's address too");
    }
    requireSameFamily(name, group, settings.source().orElse(group));
    requireSameFamily(name, group, settings.sendFrom().orElse(group));
  }

  private static void requireSameFamily(String name, InetAddress group, InetAddress other)
      throws TransportException {
    if (group.getAddress().length != other.getAddress().length) {
      throw new TransportException(
          "group " + name + " and " + other.getHostAddress() + " are not both IPv4 or both IPv6");
    }
  }
}
