package org.keyfleet.transport.mqtt;

import org.eclipse.paho.mqttv5.client.MqttPingSender;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.jspecify.annotations.Nullable;

/** Paho's ping timer without a thread of its own: the broker's thread looks at it. */
final class PingClock implements MqttPingSender {
  private final Runnable wakeUp;
  private @Nullable ClientComms comms;
  private boolean running;
  private long dueNanos;

  PingClock(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  @Override
  public synchronized void init(ClientComms newComms) {
    comms = newComms;
  }

  @Override
  public void start() {
    ClientComms own;
    synchronized (this) {
      own = comms;
    }
    if (own != null) {
      schedule(own.getKeepAlive());
    }
  }

  @Override
  public synchronized void stop() {
    running = false;
  }

  @Override
  public void schedule(long delayMillis) {
    synchronized (this) {
      running = true;
      dueNanos = System.nanoTime() + delayMillis * 1_000_000L;
    }
    wakeUp.run();
  }

  /** Never while holding the lock: Paho calls back into this object. */
  void runIfDue(long nowNanos) {
    ClientComms due;
    synchronized (this) {
      due = running && nowNanos - dueNanos >= 0 ? comms : null;
      running = running && due == null;
    }
    if (due != null) {
      due.checkForActivity();
    }
  }

  synchronized long nanosLeft(long nowNanos) {
    return running ? Math.max(1, dueNanos - nowNanos) : Long.MAX_VALUE;
  }
}
