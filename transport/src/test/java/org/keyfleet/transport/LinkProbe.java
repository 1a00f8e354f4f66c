package org.keyfleet.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.function.Executable;

/** What tests ask of real links. */
public final class LinkProbe {
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final long POLL_NANOS = 1_000_000;

  private LinkProbe() {}

  /** The next datagram, or a failure after a generous wait. */
  public static Datagram hear(Link link) throws InterruptedException {
    Datagram heard = link.take(WAIT_NANOS);
    if (heard == null) {
      throw new AssertionError(link.name() + " heard nothing: " + link.counters() + link.state());
    }
    return heard;
  }

  /** Spins until {@code condition} holds; fails after a generous wait. */
  public static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + WAIT_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("still not: " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** The one line of the exception that {@code action} must throw. */
  public static String refusal(Executable action) {
    String message =
        Objects.requireNonNull(assertThrows(TransportException.class, action).getMessage());
    assertFalse(message.contains("\n"), message);
    return message;
  }
}
