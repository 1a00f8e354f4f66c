package org.keyfleet.agent.run;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread for what a name service makes wait for, 5 to 30 seconds in an outage. It ends when it
 * has nothing to do: on a device a thread costs memory.
 */
final class NameLookup implements Executor, AutoCloseable {
  private static final int MAX_WAITING = 8;
  private static final long IDLE_SECONDS = 5;

  private final ThreadPoolExecutor thread;

  NameLookup() {
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread made = new Thread(task, "keyfleet-names");
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs {@code task} soon.
   *
   * @throws RejectedExecutionException when too many wait
   */
  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
