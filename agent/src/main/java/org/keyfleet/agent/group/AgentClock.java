package org.keyfleet.agent.group;

import java.time.InstantSource;

/**
 * The two clocks of the agent.
 *
 * @param wall for certificates and for times that survive a restart
 */
public record AgentClock(Monotonic monotonic, InstantSource wall) {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** A time that does not come. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Counts nanoseconds from the start of the agent, those of the machine's sleep among them. */
  @FunctionalInterface
  public interface Monotonic {
    long nowNanos();

    /** How much of it the machine slept: when this has grown, rekeys may have been missed. */
    default long sleptNanos() {
      return 0;
    }
  }

  /** The system's clocks. */
  public static AgentClock system() {
    InstantSource wall = InstantSource.system();
    return new AgentClock(new SleepAwareClock(System::nanoTime, wall, new BootClock()), wall);
  }

  /** See {@link Monotonic#sleptNanos}; call {@link #nowNanos} first. */
  public long sleptNanos() {
    return monotonic.sleptNanos();
  }

  public long nowNanos() {
    return monotonic.nowNanos();
  }

  public long nowMillis() {
    return wall.millis();
  }

  /** The time in {@code seconds}. */
  public static long after(long nowNanos, long seconds) {
    return nowNanos + seconds * NANOS_PER_SECOND;
  }

  /** A time of ours on the wall clock. */
  long toMillis(long nanos, long nowNanos) {
    return nanos == NEVER ? NEVER : nowMillis() + (nanos - nowNanos) / NANOS_PER_MILLI;
  }

  /** A time of the wall clock on ours; now if it has passed. */
  long toNanos(long millis, long nowNanos) {
    return millis == NEVER ? NEVER : nowNanos + Math.max(0, millis - nowMillis()) * NANOS_PER_MILLI;
  }
}
