package org.keyfleet.transport.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.InboundQueue;
import org.keyfleet.transport.LinkTally;
import org.keyfleet.transport.UdpAddress;

/** Moves what has arrived at a channel into a bounded queue; runs on the loop's thread only. */
final class DatagramReader {
  /**
   * The largest UDP payload there is; pages of the buffer that no datagram reaches cost nothing.
   */
  private static final int MAX_PAYLOAD_OCTETS = 0xffff;

  /** After this many datagrams another link has its turn. */
  private static final int BATCH_DATAGRAMS = 64;

  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(MAX_PAYLOAD_OCTETS));

  /** Decides whether a source may be heard. */
  interface SourceFilter {
    boolean admits(InetSocketAddress source);
  }

  private final DatagramChannel channel;
  private final InboundQueue queue;
  private final LinkTally tally;
  private final SourceFilter filter;

  DatagramReader(
      DatagramChannel channel, InboundQueue queue, LinkTally tally, SourceFilter filter) {
    this.channel = channel;
    this.queue = queue;
    this.tally = tally;
    this.filter = filter;
  }

  void readBatch() {
    ByteBuffer buffer = BUFFER.get();
    for (int i = 0; i < BATCH_DATAGRAMS; i++) {
      buffer.clear();
      InetSocketAddress source;
      try {
        source = (InetSocketAddress) channel.receive(buffer);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        tally.refusedInbound(); // a pending ICMP error; reading it has cleared it
        continue;
      }
      if (source == null) {
        return;
      }
      buffer.flip();
      accept(source, buffer);
    }
  }

  private void accept(InetSocketAddress source, ByteBuffer octets) {
    if (!octets.hasRemaining() || source.getPort() == 0 || !filter.admits(source)) {
      tally.refusedInbound();
    } else {
      queue.offer(Datagram.copyOf(UdpAddress.of(source), octets));
    }
  }
}
