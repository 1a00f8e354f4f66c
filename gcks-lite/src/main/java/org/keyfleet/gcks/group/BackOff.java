package org.keyfleet.gcks.group;

import java.util.random.RandomGenerator;

/** When something that failed is tried again: later each time, never all groups at once. */
final class BackOff {
  private static final long FIRST_MILLIS = 1_000;
  private static final long LAST_MILLIS = 60_000;

  private final RandomGenerator random;
  private long delayMillis;
  private long againMillis;

  BackOff(RandomGenerator random) {
    this.random = random;
  }

  boolean waits(long nowMillis) {
    return delayMillis > 0 && nowMillis < againMillis;
  }

  /** Gives whether this is news. */
  boolean failed(long nowMillis) {
    boolean news = delayMillis == 0;
    delayMillis = news ? FIRST_MILLIS : Math.min(LAST_MILLIS, delayMillis * 2);
    againMillis = nowMillis + delayMillis / 2 + random.nextLong(delayMillis);
    return news;
  }

  /** Gives whether this is news. */
  boolean succeeded() {
    boolean news = delayMillis > 0;
    delayMillis = 0;
    return news;
  }
}
