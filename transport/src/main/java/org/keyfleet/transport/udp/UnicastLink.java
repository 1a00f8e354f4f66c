package org.keyfleet.transport.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.InboundQueue;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkCounters;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.LinkTally;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;

/** A UDP socket of this machine that any peer may send to. */
final class UnicastLink implements Link {
  private final SelectorLoop loop;
  private final DatagramChannel channel;
  private final UdpAddress local;
  private final InboundQueue inbound;
  private final LinkTally tally = new LinkTally();
  private final DatagramSender sender;
  private volatile boolean closed;

  private UnicastLink(
      SelectorLoop loop, DatagramChannel channel, UdpAddress local, QueueLimits limits) {
    this.loop = loop;
    this.channel = channel;
    this.local = local;
    this.inbound = new InboundQueue(limits, tally);
    this.sender = new DatagramSender(channel, tally);
  }

  static UnicastLink open(SelectorLoop loop, UdpAddress local, QueueLimits limits)
      throws TransportException {
    if (local.multicast()) {
      throw new TransportException(local + " is a group address: configure it as multicast");
    }
    DatagramChannel channel = Sockets.open(local.host());
    try {
      Sockets.bind(channel, local.socketAddress());
      UdpAddress bound = UdpAddress.of((InetSocketAddress) channel.getLocalAddress());
      UnicastLink link = new UnicastLink(loop, channel, bound, limits);
      DatagramReader reader = new DatagramReader(channel, link.inbound, link.tally, any -> true);
      loop.register(channel, SelectionKey.OP_READ, reader::readBatch);
      return link;
    } catch (TransportException e) {
      Sockets.closeQuietly(channel);
      throw e;
    } catch (IOException e) {
      Sockets.closeQuietly(channel);
      throw new TransportException(local + " cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return "udp " + local;
  }

  @Override
  public UdpAddress localAddress() {
    return local;
  }

  @Override
  public int maxDatagramOctets() {
    return DatagramSizes.max(local.ipv6());
  }

  @Override
  public int unfragmentedOctets() {
    return DatagramSizes.UNFRAGMENTED;
  }

  @Override
  public boolean send(Datagram datagram) {
    UdpAddress to = (UdpAddress) datagram.peer();
    boolean otherFamily = to.ipv6() && !local.ipv6();
    if (otherFamily || to.port() == 0 || datagram.size() > maxDatagramOctets()) {
      tally.droppedOutbound();
      return false;
    }
    return sender.send(datagram, to.socketAddress());
  }

  @Override
  public @Nullable Datagram poll() {
    return inbound.poll();
  }

  @Override
  public @Nullable Datagram take(long timeoutNanos) throws InterruptedException {
    return inbound.take(timeoutNanos);
  }

  @Override
  public void onArrival(Runnable wakeUp) {
    inbound.onArrival(wakeUp);
  }

  @Override
  public LinkState state() {
    return closed ? LinkState.CLOSED : sender.state();
  }

  @Override
  public LinkCounters counters() {
    return tally.counters();
  }

  @Override
  public void close() {
    closed = true;
    loop.closeAndRelease(channel);
  }

  @Override
  public String toString() {
    return name();
  }
}
