package org.keyfleet.transport.memory;

import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.InboundQueue;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkCounters;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.LinkTally;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.UdpAddress;

/** One end of a {@link MemoryNetwork}. */
public final class MemoryLink implements Link {
  private static final int MAX_OCTETS = 65_507;
  private static final int UNFRAGMENTED_OCTETS = 1_232;

  private final MemoryNetwork network;
  private final UdpAddress local;
  private final UdpAddress source;
  private final InboundQueue inbound;
  private final LinkTally tally = new LinkTally();
  private volatile LinkState state = LinkState.UP;

  MemoryLink(MemoryNetwork network, UdpAddress local, UdpAddress source, QueueLimits limits) {
    this.network = network;
    this.local = local;
    this.source = source;
    this.inbound = new InboundQueue(limits, tally);
  }

  /** Cuts the link off or brings it back; while it is not up it neither sends nor hears. */
  public void state(LinkState newState) {
    state = newState;
    inbound.wake();
  }

  void arrive(Datagram datagram) {
    if (state.isUp()) {
      inbound.offer(datagram);
    }
  }

  @Override
  public String name() {
    return "memory " + local;
  }

  @Override
  public UdpAddress localAddress() {
    return local;
  }

  @Override
  public int maxDatagramOctets() {
    return MAX_OCTETS;
  }

  @Override
  public int unfragmentedOctets() {
    return UNFRAGMENTED_OCTETS;
  }

  @Override
  public boolean send(Datagram datagram) {
    if (!state.isUp() || datagram.size() > MAX_OCTETS) {
      tally.droppedOutbound();
      return false;
    }
    tally.sent();
    network.send(source, datagram);
    return true;
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
    return state;
  }

  @Override
  public LinkCounters counters() {
    return tally.counters();
  }

  @Override
  public void close() {
    state = LinkState.CLOSED;
    network.remove(this);
  }
}
