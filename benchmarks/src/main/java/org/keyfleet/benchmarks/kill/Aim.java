package org.keyfleet.benchmarks.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Chooses when to kill: evenly over the time that a rekey takes from the wire to the journal, and
 * some time more.
 */
final class Aim {
  private static final long LOOK_NANOS = 50_000;
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final long LEAST_NANOS = 2_000_000;

  private final Wire rekeys;
  private final RandomGenerator random;
  private long rekeyNanos = LEAST_NANOS;
  private long startNanos = 1_500_000_000L;

  Aim(Wire rekeys, RandomGenerator random) {
    this.rekeys = rekeys;
    this.random = random;
  }

  /** A rekey took so long to get into the journal: from now on kills are spread as widely. */
  void rekeyTook(long nanos) {
    rekeyNanos = Math.max(rekeyNanos, nanos + nanos / 4);
  }

  /** A restart took so long. */
  void startTook(long nanos) {
    startNanos = (3 * startNanos + nanos) / 4;
  }

  long rekeyNanos() {
    return rekeyNanos;
  }

  long delayInRekey() {
    return random.nextLong(rekeyNanos);
  }

  long delayInStart() {
    return random.nextLong(startNanos);
  }

  /** The moment at which a rekey message comes that is not among the first {@code seen}. */
  long awaitRekey(int seen) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (rekeys.seen() == seen) {
      requireTime(end, "no rekey message came");
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return System.nanoTime();
  }

  /** The moment at which {@code journal} is no longer as it was at {@code before}. */
  static long awaitChange(Path journal, Mark before) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (Mark.of(journal).equals(before)) {
      requireTime(end, "the journal does not change");
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return System.nanoTime();
  }

  static void until(long nanos) {
    while (System.nanoTime() < nanos) {
      LockSupport.parkNanos(Math.max(1, Math.min(LOOK_NANOS, nanos - System.nanoTime())));
    }
  }

  private static void requireTime(long end, String what) throws IOException {
    if (System.nanoTime() > end) {
      throw new IOException(what);
    }
  }

  /** What tells one state of a file from another. */
  record Mark(long octets, long modifiedMillis) {
    static Mark of(Path file) throws IOException {
      return new Mark(Files.size(file), Files.getLastModifiedTime(file).toMillis());
    }
  }
}
