package org.keyfleet.transport;

import java.util.concurrent.atomic.AtomicLong;

/** The counting side of {@link LinkCounters}, for implementations of {@link Link}. */
public final class LinkTally {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong droppedOutbound = new AtomicLong();
  private final AtomicLong droppedInbound = new AtomicLong();
  private final AtomicLong refusedInbound = new AtomicLong();

  public void sent() {
    sent.incrementAndGet();
  }

  public void received() {
    received.incrementAndGet();
  }

  public void droppedOutbound() {
    droppedOutbound.incrementAndGet();
  }

  public void droppedInbound() {
    droppedInbound.incrementAndGet();
  }

  public void refusedInbound() {
    refusedInbound.incrementAndGet();
  }

  public LinkCounters counters() {
    return new LinkCounters(
        sent.get(),
        received.get(),
        droppedOutbound.get(),
        droppedInbound.get(),
        refusedInbound.get());
  }
}
