package org.keyfleet.transport.udp;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Locale;
import org.keyfleet.transport.TransportException;

/** Opening and binding of datagram channels with errors that say what to do. */
final class Sockets {
  private static final int PRIVILEGED_PORTS = 1024;

  private Sockets() {}

  static ProtocolFamily family(InetAddress address) {
    return address instanceof Inet6Address
        ? StandardProtocolFamily.INET6
        : StandardProtocolFamily.INET;
  }

  static DatagramChannel open(InetAddress like) throws TransportException {
    try {
      DatagramChannel channel = DatagramChannel.open(family(like));
      channel.configureBlocking(false);
      return channel;
    } catch (UnsupportedOperationException e) {
      throw new TransportException("this machine has no IPv6: use an IPv4 address", e);
    } catch (IOException e) {
      throw new TransportException("no UDP socket: raise the limit of open files (ulimit -n)", e);
    }
  }

  static void bind(DatagramChannel channel, InetSocketAddress local) throws TransportException {
    try {
      channel.bind(local);
    } catch (IOException e) {
      throw new TransportException(bindFailure(local, e), e);
    }
  }

  private static String bindFailure(InetSocketAddress local, IOException cause) {
    String where = local.getAddress().getHostAddress() + " UDP port " + local.getPort();
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (cause instanceof BindException && text.contains("in use")) {
      return where + " is in use: stop the other program (ss -ulpn) or configure another port";
    }
    if (text.contains("permission denied") && local.getPort() < PRIVILEGED_PORTS) {
      return where
          + " needs the right to ports under 1024: grant CAP_NET_BIND_SERVICE or configure a"
          + " higher port";
    }
    if (text.contains("cannot assign")) {
      return where + " is not an address of this machine: see 'ip address' and correct the address";
    }
    return where + " cannot be opened: " + cause.getMessage();
  }

  static void closeQuietly(DatagramChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // the socket is gone either way
      return;
    }
  }
}
