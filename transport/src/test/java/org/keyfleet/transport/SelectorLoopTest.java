package org.keyfleet.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SelectorLoopTest {
  @Test
  void aFaultyTaskDoesNotEndTheLoop() throws Exception {
    try (SelectorLoop loop = SelectorLoop.start("test-loop")) {
      CountDownLatch after = new CountDownLatch(1);
      loop.execute(
          () -> {
            throw new IllegalStateException("a fault made on purpose by a test");
          });
      loop.execute(after::countDown);
      assertTrue(after.await(5, TimeUnit.SECONDS));
      assertFalse(loop.isLoopThread());
    }
  }

  /** The owner asks, and ends the process: a process that hears nothing is of no use. */
  @Test
  void aLoopThatAnErrorEndedSaysSo() throws Exception {
    try (SelectorLoop loop = SelectorLoop.start("test-loop")) {
      assertTrue(loop.running());
      loop.execute(
          () -> {
            throw new StackOverflowError("made on purpose by a test");
          });
      await("the end of the loop", () -> !loop.running());
    }
  }

  @Test
  void aWatchRunsUntilItIsCancelled() throws Exception {
    try (SelectorLoop loop = SelectorLoop.start("test-loop")) {
      AtomicInteger runs = new AtomicInteger();
      SelectorLoop.Watch watch = loop.every(1, runs::incrementAndGet);
      await("three runs", () -> runs.get() >= 3);
      watch.cancel();
      CountDownLatch settled = new CountDownLatch(1);
      loop.execute(settled::countDown);
      assertTrue(settled.await(5, TimeUnit.SECONDS));
      int last = runs.get();
      CountDownLatch later = new CountDownLatch(1);
      loop.every(20, later::countDown);
      assertTrue(later.await(5, TimeUnit.SECONDS));
      assertTrue(runs.get() == last);
    }
  }
}
