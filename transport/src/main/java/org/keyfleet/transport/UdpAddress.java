package org.keyfleet.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** An IPv4 or IPv6 address, never a name, with a UDP port. */
public record UdpAddress(InetAddress host, int port) implements LinkAddress {
  private static final int MAX_PORT = 0xffff;

  public UdpAddress {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("UDP port " + port + " is not 0 to 65535");
    }
  }

  /**
   * Looks a name up or reads a numeric address; IPv6 without brackets.
   *
   * @throws TransportException when the name has no address
   */
  public static UdpAddress resolve(String host, int port) throws TransportException {
    try {
      return new UdpAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new TransportException(
          "no address for host '" + host + "': check the spelling or the name service", e);
    }
  }

  /** The address of a socket; the socket address must be resolved. */
  public static UdpAddress of(InetSocketAddress address) {
    return new UdpAddress(address.getAddress(), address.getPort());
  }

  /** True for a group address: 224.0.0.0/4 or ff00::/8. */
  public boolean multicast() {
    return host.isMulticastAddress();
  }

  /** True for an IPv6 address. */
  public boolean ipv6() {
    return host.getAddress().length == 16;
  }

  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  /** The 4 or 16 octets of the host and the port, as NAT detection hashes them (RFC 7296 2.23). */
  @Override
  public byte[] octets() {
    byte[] address = host.getAddress();
    return ByteBuffer.allocate(address.length + 2).put(address).putShort((short) port).array();
  }

  /** {@code 192.0.2.1:848} or {@code [2001:db8::1]:848}. */
  @Override
  public String toString() {
    return ipv6() ? "[" + host.getHostAddress() + "]:" + port : host.getHostAddress() + ":" + port;
  }
}
