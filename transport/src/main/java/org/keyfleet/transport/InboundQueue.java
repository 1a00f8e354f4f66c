package org.keyfleet.transport;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue behind {@link Link#poll}, for implementations of {@link Link}. When it is full
 * the newest datagram is dropped: a flood cannot push out what came before it.
 */
public final class InboundQueue {
  private record Entry(Datagram datagram, Runnable whenHandled) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final QueueLimits limits;
  private final LinkTally tally;
  private int octets;
  private Runnable handled = InboundQueue::nothing;
  private volatile @Nullable Runnable wakeUp;

  /** An empty queue that counts in {@code tally} what it takes and what it drops. */
  public InboundQueue(QueueLimits limits, LinkTally tally) {
    this.limits = limits;
    this.tally = tally;
  }

  /** Queues and wakes the owner up; false when the queue is full. */
  public boolean offer(Datagram datagram) {
    return offer(datagram, InboundQueue::nothing);
  }

  /**
   * Queues and wakes the owner up; false when the queue is full.
   *
   * @param whenHandled runs on the owner's thread when it asks for the datagram after this one, and
   *     so has done with this one
   */
  public boolean offer(Datagram datagram, Runnable whenHandled) {
    lock.lock();
    try {
      if (entries.size() >= limits.datagrams() || octets > limits.octets() - datagram.size()) {
        tally.droppedInbound();
        return false;
      }
      entries.add(new Entry(datagram, whenHandled));
      octets += datagram.size();
      tally.received();
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
    wake();
    return true;
  }

  public @Nullable Datagram poll() {
    Runnable handledBefore;
    Datagram datagram;
    lock.lock();
    try {
      handledBefore = handled;
      datagram = next();
    } finally {
      lock.unlock();
    }
    handledBefore.run();
    return datagram;
  }

  public @Nullable Datagram take(long timeoutNanos) throws InterruptedException {
    Datagram first = poll();
    if (first != null) {
      return first;
    }
    long left = timeoutNanos;
    lock.lockInterruptibly();
    try {
      while (entries.isEmpty() && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      return next();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is waiting, because its source will deliver it again. */
  public void clear() {
    lock.lock();
    try {
      entries.clear();
      octets = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Sets the wake-up function and calls it once when datagrams are already waiting. */
  public void onArrival(Runnable newWakeUp) {
    wakeUp = newWakeUp;
    if (!isEmpty()) {
      newWakeUp.run();
    }
  }

  /** Wakes the owner up without a datagram, after a change of state. */
  public void wake() {
    Runnable toRun = wakeUp;
    if (toRun != null) {
      toRun.run();
    }
  }

  private boolean isEmpty() {
    lock.lock();
    try {
      return entries.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private @Nullable Datagram next() {
    Entry entry = entries.poll();
    handled = entry == null ? InboundQueue::nothing : entry.whenHandled();
    if (entry == null) {
      return null;
    }
    octets -= entry.datagram().size();
    return entry.datagram();
  }

  private static void nothing() {}
}
