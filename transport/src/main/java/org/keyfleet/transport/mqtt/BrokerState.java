package org.keyfleet.transport.mqtt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.LinkState.Condition;

/** How the connection is; the one place that changes it, and where others wait for it. */
final class BrokerState {
  private static final Logger LOG = System.getLogger(BrokerState.class.getName());

  private final BrokerAddress address;
  private volatile LinkState state = LinkState.CONNECTING;

  BrokerState(BrokerAddress address) {
    this.address = address;
  }

  LinkState now() {
    return state;
  }

  /** True when it changed. */
  synchronized boolean become(LinkState next) {
    if (state.equals(next) || state.condition() == Condition.CLOSED) {
      return false;
    }
    LOG.log(Level.INFO, "broker {0}: {1} {2}", address, next.condition(), next.detail());
    state = next;
    notifyAll();
    return true;
  }

  /** The state when it is up or closed, or when the time has passed. */
  synchronized LinkState awaitUp(long timeoutNanos) throws InterruptedException {
    long end = System.nanoTime() + timeoutNanos;
    while (!state.isUp() && state.condition() != Condition.CLOSED) {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (leftMillis <= 0) {
        break;
      }
      wait(leftMillis);
    }
    return state;
  }
}
