package org.keyfleet.gcks.server;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets the owner thread wait until something happens. */
final class Waker {
  private final Semaphore happened = new Semaphore(0);

  /** Any thread may. */
  void wake() {
    if (happened.availablePermits() == 0) {
      happened.release();
    }
  }

  void await(long maxMillis) throws InterruptedException {
    boolean woken = happened.tryAcquire(maxMillis, TimeUnit.MILLISECONDS);
    if (woken) {
      happened.drainPermits();
    }
  }
}
