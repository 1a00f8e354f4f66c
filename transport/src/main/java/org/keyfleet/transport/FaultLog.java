package org.keyfleet.transport;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reports faults of our own code that a loop has caught, in one line each: class and place, never
 * the message, which may hold content. A fault that comes again and again costs a line every ten
 * seconds. Any thread may report.
 */
public final class FaultLog {
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final String OURS = "org.keyfleet.";

  private final Logger log;
  private final String where;
  private final LongSupplier nanos;
  private long count;
  private long unreported;
  private long nextLineNanos;

  /**
   * Nothing caught so far.
   *
   * @param where begins each line, such as {@code group fleet}
   */
  public FaultLog(Logger log, String where) {
    this(log, where, System::nanoTime);
  }

  FaultLog(Logger log, String where, LongSupplier nanos) {
    this.log = log;
    this.where = where;
    this.nanos = nanos;
    this.nextLineNanos = nanos.getAsLong();
  }

  /** Counts {@code fault}, and reports it unless a line was written just before. */
  public synchronized void caught(Throwable fault) {
    count++;
    long now = nanos.getAsLong();
    if (now - nextLineNanos < 0) {
      unreported++;
      return;
    }
    nextLineNanos = now + QUIET_NANOS;
    String more = unreported == 0 ? "" : " (and " + unreported + " faults before it)";
    unreported = 0;
    log.log(Level.ERROR, where + ": " + describe(fault) + more);
  }

  /** How many were caught. */
  public synchronized long count() {
    return count;
  }

  /** The class of a fault and the innermost place in our code. */
  public static String describe(Throwable fault) {
    StackTraceElement[] frames = fault.getStackTrace();
    for (StackTraceElement frame : frames) {
      if (frame.getClassName().startsWith(OURS)) {
        return fault.getClass().getName() + " at " + place(frame);
      }
    }
    return fault.getClass().getName() + (frames.length == 0 ? "" : " at " + place(frames[0]));
  }

  private static String place(StackTraceElement frame) {
    return frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
  }
}
