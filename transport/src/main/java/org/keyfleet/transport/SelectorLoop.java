package org.keyfleet.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One thread and one selector for all UDP links and local sockets of a process: on a device each
 * thread costs resident memory. It sleeps in the kernel while nothing arrives.
 */
public final class SelectorLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SelectorLoop.class.getName());
  private static final long CLOSE_WAIT_MILLIS = 2_000;

  private final Selector selector;
  private final Thread thread;
  private final FaultLog faults = new FaultLog(LOG, "network handler");
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final CopyOnWriteArrayList<Watch> watches = new CopyOnWriteArrayList<>();
  private volatile boolean closing;

  private SelectorLoop(Selector selector, String threadName) {
    this.selector = selector;
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /** Starts the thread, a daemon. */
  public static SelectorLoop start(String threadName) throws TransportException {
    try {
      SelectorLoop loop = new SelectorLoop(Selector.open(), threadName);
      loop.thread.start();
      return loop;
    } catch (IOException e) {
      throw new TransportException("no selector: raise the limit of open files (ulimit -n)", e);
    }
  }

  /**
   * Calls {@code whenReady} on the loop's thread each time the channel is ready for one of {@code
   * ops}. It must not block.
   *
   * @param channel a channel in non-blocking mode
   */
  public SelectionKey register(SelectableChannel channel, int ops, Runnable whenReady)
      throws IOException {
    SelectionKey key = channel.register(selector, ops, whenReady);
    selector.wakeup();
    return key;
  }

  /** Runs {@code task} soon on the loop's thread; it must not block. */
  public void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Runs {@code check} every {@code periodMillis} on the loop's thread; it must not block. */
  public Watch every(long periodMillis, Runnable check) {
    Watch watch = new Watch(periodMillis, check);
    watches.add(watch);
    selector.wakeup();
    return watch;
  }

  /** A repeated check. */
  public final class Watch {
    private final long periodNanos;
    private final Runnable check;
    private long dueNanos;

    private Watch(long periodMillis, Runnable check) {
      this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
      this.check = check;
      this.dueNanos = System.nanoTime() + periodNanos;
    }

    /** No further run starts. */
    public void cancel() {
      watches.remove(this);
    }
  }

  /**
   * False once the thread has ended, also when a fault of the virtual machine ended it: nothing is
   * heard any more, and the process is to end too.
   */
  public boolean running() {
    return thread.isAlive();
  }

  /** True on the loop's own thread. */
  public boolean isLoopThread() {
    return Thread.currentThread() == thread;
  }

  /**
   * Closes a registered channel. A selector keeps the port until it has let go of the channel; this
   * method waits for that, so that the port can be opened again afterwards.
   */
  public void closeAndRelease(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a channel", e);
    }
    if (isLoopThread() || !thread.isAlive()) {
      return;
    }
    CountDownLatch released = new CountDownLatch(1);
    execute(released::countDown);
    try {
      if (!released.await(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "the network thread is busy: a port is freed later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread. Links close themselves before. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    if (isLoopThread()) {
      return;
    }
    try {
      thread.join(CLOSE_WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (selector) {
      while (!closing) {
        selector.select(this::dispatch, millisToNextWatch());
        runDueWatches();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          runGuarded(task);
        }
      }
    } catch (IOException | ClosedSelectorException e) {
      LOG.log(Level.ERROR, "the network thread ended", e);
    } catch (Error e) {
      LOG.log(Level.ERROR, "the network thread ended: " + FaultLog.describe(e));
    }
  }

  /** 0, which is no limit, without watches. */
  private long millisToNextWatch() {
    long now = System.nanoTime();
    return watches.stream()
        .mapToLong(watch -> Math.max(1, TimeUnit.NANOSECONDS.toMillis(watch.dueNanos - now) + 1))
        .min()
        .orElse(0);
  }

  private void runDueWatches() {
    for (Watch watch : watches) {
      long now = System.nanoTime();
      if (now - watch.dueNanos >= 0) {
        watch.dueNanos = now + watch.periodNanos;
        runGuarded(watch.check);
      }
    }
  }

  private void dispatch(SelectionKey key) {
    if (key.isValid()) {
      runGuarded((Runnable) key.attachment());
    }
  }

  /** One faulty handler must not take the other links down. */
  private void runGuarded(Runnable handler) {
    try {
      handler.run();
    } catch (CancelledKeyException e) {
      LOG.log(Level.DEBUG, "channel closed meanwhile", e);
    } catch (RuntimeException e) {
      faults.caught(e);
    }
  }
}
