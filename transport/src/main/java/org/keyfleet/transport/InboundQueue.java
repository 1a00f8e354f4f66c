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
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final ArrayDeque<Datagram> datagrams = new ArrayDeque<>();
  private final QueueLimits limits;
  private int octets;
  private volatile @Nullable Runnable wakeUp;

  public InboundQueue(QueueLimits limits) {
    this.limits = limits;
  }

  /** Queues and wakes the owner up; false when the queue is full. */
  public boolean offer(Datagram datagram) {
    lock.lock();
    try {
      if (datagrams.size() >= limits.datagrams() || octets > limits.octets() - datagram.size()) {
        return false;
      }
      datagrams.add(datagram);
      octets += datagram.size();
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
    wake();
    return true;
  }

  public @Nullable Datagram poll() {
    lock.lock();
    try {
      Datagram first = datagrams.poll();
      if (first != null) {
        octets -= first.size();
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  public @Nullable Datagram take(long timeoutNanos) throws InterruptedException {
    long left = timeoutNanos;
    lock.lockInterruptibly();
    try {
      while (datagrams.isEmpty() && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      return poll();
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
      return datagrams.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
