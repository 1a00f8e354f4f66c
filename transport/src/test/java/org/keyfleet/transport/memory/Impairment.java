package org.keyfleet.transport.memory;

/**
 * How bad a network is.
 *
 * @param lossPercent of deliveries that vanish
 * @param duplicatePercent of deliveries that come twice
 * @param minDelayNanos least time on the way
 * @param maxDelayNanos most time on the way; a spread reorders
 */
public record Impairment(
    int lossPercent, int duplicatePercent, long minDelayNanos, long maxDelayNanos) {
  /** Delivers everything once, in order, at the same instant. */
  public static final Impairment NONE = new Impairment(0, 0, 0, 0);

  public Impairment {
    if (lossPercent < 0 || lossPercent > 100 || duplicatePercent < 0 || duplicatePercent > 100) {
      throw new IllegalArgumentException("percent: " + lossPercent + ", " + duplicatePercent);
    }
    if (minDelayNanos < 0 || maxDelayNanos < minDelayNanos) {
      throw new IllegalArgumentException("delay: " + minDelayNanos + " to " + maxDelayNanos);
    }
  }

  public static Impairment loss(int percent) {
    return new Impairment(percent, 0, 0, 0);
  }
}
