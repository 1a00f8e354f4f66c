package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what another process does, by looking again and again. */
public final class Await {
  private static final long LOOK_MILLIS = 20;

  /** A condition that reads another process. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws IOException;
  }

  private Await() {}

  /**
   * Returns once {@code condition} holds; throws with {@code what} when it does not within {@code
   * limit}.
   */
  public static void until(Supplier<String> what, Duration limit, Condition condition)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IOException("waited " + limit.toSeconds() + " s in vain: " + what.get());
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
