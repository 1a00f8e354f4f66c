package org.keyfleet.hsm.smartcard;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assertions;

/** Waits for what another process does in its own time. */
final class Patience {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private Patience() {}

  static void until(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        Assertions.fail("in vain: " + what);
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }
}
