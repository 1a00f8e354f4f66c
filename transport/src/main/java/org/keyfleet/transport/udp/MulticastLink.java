package org.keyfleet.transport.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.InboundQueue;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkCounters;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.LinkState.Condition;
import org.keyfleet.transport.LinkTally;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;

/**
 * A multicast group on a named interface. An interface that goes away (a radio, a USB adapter)
 * takes the membership with it; the link notices, says so and joins again when it is back.
 */
final class MulticastLink implements Link {
  private static final long WATCH_MILLIS = 5_000;

  /** The sockets while the interface is there. */
  private record Attached(
      int interfaceIndex,
      @Nullable DatagramChannel hearing,
      @Nullable DatagramChannel sending,
      @Nullable DatagramSender sender) {}

  private final SelectorLoop loop;
  private final MulticastSettings settings;
  private final InboundQueue inbound;
  private final LinkTally tally = new LinkTally();
  private final SelectorLoop.Watch watch;
  private volatile @Nullable Attached attached;
  private volatile LinkState state = LinkState.UP;

  private MulticastLink(SelectorLoop loop, MulticastSettings settings, QueueLimits limits)
      throws TransportException {
    this.loop = loop;
    this.settings = settings;
    this.inbound = new InboundQueue(limits, tally);
    this.attached = attach(carrier());
    this.watch = loop.every(WATCH_MILLIS, this::watchInterface);
  }

  static MulticastLink open(SelectorLoop loop, MulticastSettings settings, QueueLimits limits)
      throws TransportException {
    SourceSpecific.check(settings);
    return new MulticastLink(loop, settings, limits);
  }

  @Override
  public String name() {
    return "multicast " + settings.group() + " on " + settings.interfaceName();
  }

  /** The group. */
  @Override
  public UdpAddress localAddress() {
    return settings.group();
  }

  @Override
  public int maxDatagramOctets() {
    return DatagramSizes.max(settings.group().ipv6());
  }

  @Override
  public int unfragmentedOctets() {
    return DatagramSizes.UNFRAGMENTED;
  }

  /** Sends to the group; the peer of the datagram must be the group. */
  @Override
  public boolean send(Datagram datagram) {
    Attached now = attached;
    DatagramSender sender = now == null ? null : now.sender();
    if (now == null
        || sender == null
        || !datagram.peer().equals(settings.group())
        || datagram.size() > maxDatagramOctets()) {
      tally.droppedOutbound();
      return false;
    }
    return sender.send(datagram, settings.group().socketAddress());
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
    Attached now = attached;
    if (!state.isUp() || now == null || now.sender() == null) {
      return state;
    }
    return now.sender().state();
  }

  @Override
  public LinkCounters counters() {
    return tally.counters();
  }

  @Override
  public void close() {
    synchronized (this) {
      state = LinkState.CLOSED;
    }
    watch.cancel();
    detach();
  }

  @Override
  public String toString() {
    return name();
  }

  private NetworkInterface carrier() throws TransportException {
    return GroupInterface.carrying(settings.group().host(), settings.interfaceName());
  }

  private Attached attach(NetworkInterface on) throws TransportException {
    DatagramChannel hearing = settings.receives() ? GroupSockets.hearing(settings, on) : null;
    try {
      DatagramChannel sending = settings.sends() ? GroupSockets.sending(settings, on) : null;
      if (hearing != null) {
        DatagramReader reader = new DatagramReader(hearing, inbound, tally, this::admits);
        loop.register(hearing, SelectionKey.OP_READ, reader::readBatch);
      }
      DatagramSender sender = sending == null ? null : new DatagramSender(sending, tally);
      return new Attached(on.getIndex(), hearing, sending, sender);
    } catch (TransportException e) {
      closeIfOpen(hearing);
      throw e;
    } catch (IOException e) {
      closeIfOpen(hearing);
      throw new TransportException(name() + " cannot be opened: " + e.getMessage(), e);
    }
  }

  private void detach() {
    Attached old = attached;
    attached = null;
    if (old != null) {
      closeIfOpen(old.hearing());
      closeIfOpen(old.sending());
    }
  }

  private void closeIfOpen(@Nullable DatagramChannel channel) {
    if (channel != null) {
      loop.closeAndRelease(channel);
    }
  }

  /** The kernel filters a source-specific group; this holds where a kernel does not. */
  private boolean admits(InetSocketAddress source) {
    return settings.source().isEmpty() || settings.source().get().equals(source.getAddress());
  }

  /** Runs on the loop's thread. */
  private void watchInterface() {
    LinkState before = state;
    synchronized (this) {
      if (state.condition() == Condition.CLOSED) {
        return;
      }
      try {
        NetworkInterface now = carrier();
        Attached old = attached;
        if (old == null || old.interfaceIndex() != now.getIndex()) {
          detach();
          attached = attach(now);
        }
        state = LinkState.UP;
      } catch (TransportException e) {
        detach();
        state = new LinkState(Condition.UNREACHABLE, String.valueOf(e.getMessage()));
      }
    }
    if (!before.equals(state)) {
      inbound.wake();
    }
  }
}
