package org.keyfleet.protocol.ike;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a request is sent again (RFC 7296 section 2.4: exponential back-off, with jitter so that a
 * fleet does not answer in step). A value: each step gives the next.
 *
 * @param attempt how often the request was sent so far, from 1
 * @param deadlineNanos when to call {@link #next}
 */
public record Retransmission(Policy policy, int attempt, long deadlineNanos) {
  /**
   * How patient an initiator is.
   *
   * @param firstNanos wait after the first attempt
   * @param factor by which each wait is longer than the one before, at least 1
   * @param attempts how often a request is sent in all
   * @param jitter share by which each wait varies up and down, 0 to 1
   */
  public record Policy(long firstNanos, double factor, int attempts, double jitter) {
    /** Six attempts in about a minute: 2, 3.6, 6.5, 11.7, 21 s and a last wait of 37.8 s. */
    public static final Policy STANDARD = new Policy(2_000_000_000L, 1.8, 6, 0.1);

    public Policy {
      if (firstNanos < 1 || factor < 1 || attempts < 1 || jitter < 0 || jitter > 1) {
        throw new IllegalArgumentException("retransmission policy");
      }
    }

    private long waitNanos(int attempt, RandomGenerator random) {
      double spread = 1 + jitter * (2 * random.nextDouble() - 1);
      return (long) (firstNanos * Math.pow(factor, attempt - 1) * spread);
    }
  }

  /** The request was sent for the first time. */
  public static Retransmission start(Policy policy, long nowNanos, RandomGenerator random) {
    return new Retransmission(policy, 1, nowNanos + policy.waitNanos(1, random));
  }

  public boolean isDue(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  /**
   * The deadline passed: send the same octets again and wait for the result's deadline, or give up
   * when it is empty.
   */
  public Optional<Retransmission> next(long nowNanos, RandomGenerator random) {
    if (attempt == policy.attempts) {
      return Optional.empty();
    }
    int sent = attempt + 1;
    return Optional.of(new Retransmission(policy, sent, nowNanos + policy.waitNanos(sent, random)));
  }
}
