package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * An eavesdropper on the group's data address: keeps every protected datagram and can put it on the
 * wire again, for a member that joined later and must not be able to read it.
 */
public final class EspTap implements AutoCloseable {
  private final DatagramChannel channel;
  private final InetSocketAddress group;
  private final ByteBuffer buffer = ByteBuffer.allocate(4096);
  private final List<ByteBuffer> kept = new ArrayList<>();

  public EspTap(InetSocketAddress group, NetworkInterface networkInterface) throws IOException {
    this.group = group;
    InetAddress address = group.getAddress();
    channel = DatagramChannel.open(StandardProtocolFamily.INET);
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
    channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, networkInterface);
    channel.bind(group);
    channel.join(address, networkInterface);
    channel.configureBlocking(false);
  }

  /** The datagrams seen so far. */
  public int seen() throws IOException {
    buffer.clear();
    while (channel.receive(buffer) != null) {
      buffer.flip();
      kept.add(ByteBuffer.allocate(buffer.remaining()).put(buffer).flip());
      buffer.clear();
    }
    return kept.size();
  }

  /**
   * Sends the datagrams {@code [from, to)} of those seen to the group again, octet by octet the
   * same.
   */
  public void replay(int from, int to) throws IOException {
    for (ByteBuffer datagram : List.copyOf(kept.subList(from, to))) {
      channel.send(datagram.duplicate(), group);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
