package org.keyfleet.agent.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * Decides what a group that meets faults of ours is worth: some are survived, many in a short time
 * mean that its state is bad, and then it starts from scratch, after a wait that doubles.
 */
final class FaultBreaker {
  private static final long SECOND = 1_000_000_000L;

  // Ours
  static final int MAX_FAULTS = 5;
  static final long WINDOW_NANOS = 60 * SECOND;
  private static final long FIRST_WAIT_NANOS = 5 * SECOND;
  private static final long LAST_WAIT_NANOS = 600 * SECOND;

  private final RandomGenerator random;
  private final Deque<Long> recent = new ArrayDeque<>();
  private long waitNanos = FIRST_WAIT_NANOS;
  private long trippedNanos;
  private boolean tripped;

  FaultBreaker(RandomGenerator random) {
    this.random = random;
  }

  /** Takes note of a fault; true when it is one too many. */
  boolean fault(long nowNanos) {
    while (!recent.isEmpty() && nowNanos - recent.peek() > WINDOW_NANOS) {
      recent.remove();
    }
    recent.add(nowNanos);
    if (recent.size() < MAX_FAULTS) {
      return false;
    }
    recent.clear();
    if (tripped && nowNanos - trippedNanos > 2 * LAST_WAIT_NANOS) {
      waitNanos = FIRST_WAIT_NANOS;
    }
    tripped = true;
    trippedNanos = nowNanos;
    return true;
  }

  /** How long to stay out after that: from half of the wait to all of it. */
  long nextWaitNanos() {
    long wait = waitNanos / 2 + random.nextLong(waitNanos / 2 + 1);
    waitNanos = Math.min(2 * waitNanos, LAST_WAIT_NANOS);
    return wait;
  }
}
