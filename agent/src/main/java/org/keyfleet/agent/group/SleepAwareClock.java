package org.keyfleet.agent.group;

import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A monotonic clock that counts the machine's sleep, which {@link System#nanoTime} does not: keys
 * end by their lifetime, not by the time that the machine was awake. The wall clock tells cheaply
 * that something happened, the time since boot what it was. Without the latter a wall clock set
 * forward counts as sleep: keys end early, never late.
 */
final class SleepAwareClock implements AgentClock.Monotonic {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The two clocks drift and are read one after the other. */
  static final long TOLERANCE_NANOS = 500 * NANOS_PER_MILLI;

  /** Sleeps too short for the wall clock to tell are found by looking now and then. */
  static final long LOOK_NANOS = 10_000 * NANOS_PER_MILLI;

  private final LongSupplier awake;
  private final InstantSource wall;
  private final Supplier<OptionalLong> sinceBoot;
  private final long startAwake;
  private final OptionalLong startBoot;

  private long lastAwake;
  private long lastWallMillis;
  private long slept;

  /**
   * @param awake nanoseconds that stand still in suspend
   * @param sinceBoot nanoseconds that go on, where there are such
   */
  SleepAwareClock(LongSupplier awake, InstantSource wall, Supplier<OptionalLong> sinceBoot) {
    this.awake = awake;
    this.wall = wall;
    this.sinceBoot = sinceBoot;
    this.startBoot = sinceBoot.get();
    this.startAwake = awake.getAsLong();
    this.lastAwake = startAwake;
    this.lastWallMillis = wall.millis();
  }

  @Override
  public synchronized long nowNanos() {
    long now = awake.getAsLong();
    long wallMillis = wall.millis();
    long ahead = (wallMillis - lastWallMillis) * NANOS_PER_MILLI - (now - lastAwake);
    if (Math.abs(ahead) > TOLERANCE_NANOS || now - lastAwake > LOOK_NANOS) {
      look(now, ahead);
      lastAwake = now;
      lastWallMillis = wallMillis;
    }
    return now - startAwake + slept;
  }

  @Override
  public synchronized long sleptNanos() {
    return slept;
  }

  private void look(long now, long wallAhead) {
    OptionalLong boot = startBoot.isPresent() ? sinceBoot.get() : OptionalLong.empty();
    if (boot.isPresent()) {
      long difference = boot.getAsLong() - startBoot.getAsLong() - (now - startAwake);
      // hundredths of a second, and reading takes time: no sleep is shorter than the tolerance
      if (difference > slept + TOLERANCE_NANOS / 2) {
        slept = difference;
      }
    } else if (wallAhead > TOLERANCE_NANOS) {
      slept += wallAhead;
    }
  }
}
