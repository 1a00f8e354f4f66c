package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * The application beside one member: numbered datagrams handed to its agent to protect, and those
 * its agent opened and delivered. A datagram counts as read only when its whole text came out
 * right.
 */
public final class Traffic implements AutoCloseable {
  private static final int MAX_NUMBER = 1 << 20;

  private final DatagramChannel delivered;
  private final DatagramChannel outgoing;
  private final ByteBuffer buffer = ByteBuffer.allocate(2048);
  private final BitSet read = new BitSet();
  private final InetSocketAddress listen;

  /**
   * Reads what the agent delivers to {@code deliverPort}; {@link #send} goes to {@code listenPort}.
   */
  public Traffic(int deliverPort, int listenPort) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    delivered = DatagramChannel.open(StandardProtocolFamily.INET);
    delivered.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
    delivered.bind(new InetSocketAddress(loopback, deliverPort));
    delivered.configureBlocking(false);
    outgoing = DatagramChannel.open(StandardProtocolFamily.INET);
    outgoing.bind(new InetSocketAddress(loopback, 0));
    listen = new InetSocketAddress(loopback, listenPort);
  }

  /** Hands the agent datagram {@code number} to protect and send to the group. */
  public void send(int number) throws IOException {
    outgoing.send(ByteBuffer.wrap(text(number).getBytes(StandardCharsets.US_ASCII)), listen);
  }

  /** The numbers {@code [from, to)} that were read so far, counted. */
  public int readBetween(int from, int to) throws IOException {
    drain();
    return read.get(from, to).cardinality();
  }

  private void drain() throws IOException {
    buffer.clear();
    while (delivered.receive(buffer) != null) {
      buffer.flip();
      count(StandardCharsets.US_ASCII.decode(buffer).toString());
      buffer.clear();
    }
  }

  private void count(String text) {
    String[] words = text.split(" ", 3);
    if (words.length < 2 || !words[1].matches("[0-9]{1,7}")) {
      return;
    }
    int number = Integer.parseInt(words[1]);
    if (number < MAX_NUMBER && text.equals(text(number))) {
      read.set(number);
    }
  }

  private static String text(int number) {
    return "datagram " + number + " of the fleet: " + "x".repeat(number % 40);
  }

  @Override
  public void close() throws IOException {
    delivered.close();
    outgoing.close();
  }
}
