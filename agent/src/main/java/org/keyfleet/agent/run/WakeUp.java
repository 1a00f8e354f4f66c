package org.keyfleet.agent.run;

import java.util.concurrent.locks.LockSupport;

/** Lets any thread wake the owner thread up; a wake-up before the sleep is not lost. */
final class WakeUp implements Runnable {
  private final Thread owner;
  private volatile boolean woken;

  WakeUp(Thread owner) {
    this.owner = owner;
  }

  @Override
  public void run() {
    woken = true;
    LockSupport.unpark(owner);
  }

  /** Sleeps until woken or {@code nanos} are over; by the owner only. */
  void sleep(long nanos) {
    if (!woken && nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
    woken = false;
  }
}
