package org.keyfleet.benchmarks.kill;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What went over a multicast address, each datagram once. It can send them again, as a cache would
 * or an attacker.
 */
final class Wire implements AutoCloseable {
  private final DatagramChannel channel;
  private final InetSocketAddress group;
  private final ByteBuffer buffer = ByteBuffer.allocate(65_536);
  private final Set<ByteBuffer> known = new HashSet<>();
  private final List<ByteBuffer> inOrder = new ArrayList<>();

  Wire(InetSocketAddress group, NetworkInterface networkInterface) throws IOException {
    this.group = group;
    channel = DatagramChannel.open(StandardProtocolFamily.INET);
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
    channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, networkInterface);
    channel.bind(group);
    channel.join(group.getAddress(), networkInterface);
    channel.configureBlocking(false);
  }

  /** How many different datagrams were seen so far. */
  int seen() throws IOException {
    buffer.clear();
    while (channel.receive(buffer) != null) {
      buffer.flip();
      ByteBuffer datagram = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
      if (known.add(datagram)) {
        inOrder.add(datagram);
      }
      buffer.clear();
    }
    return inOrder.size();
  }

  /** Sends the datagrams {@code [from, to)} again, octet by octet the same. */
  void replay(int from, int to) throws IOException {
    for (ByteBuffer datagram : List.copyOf(inOrder.subList(from, to))) {
      channel.send(datagram.duplicate(), group);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
