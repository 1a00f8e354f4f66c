package org.keyfleet.transport.mqtt;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Waits that double from attempt to attempt, half of each random: when a broker comes back, its
 * clients do not come back together.
 */
final class Backoff {
  private final long firstMillis;
  private final long lastMillis;
  private final RandomGenerator random;
  private long spanMillis;

  Backoff(long firstMillis, long lastMillis, RandomGenerator random) {
    this.firstMillis = firstMillis;
    this.lastMillis = lastMillis;
    this.random = random;
    this.spanMillis = firstMillis;
  }

  void reset() {
    spanMillis = firstMillis;
  }

  long nextNanos() {
    long millis = spanMillis / 2 + random.nextLong(spanMillis - spanMillis / 2 + 1);
    spanMillis = Math.min(lastMillis, spanMillis * 2);
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
