package org.keyfleet.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.keyfleet.benchmarks.fleet.Daemon;

/** A started program and its log, which tells how far it is without asking it. */
final class Watched {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(180);

  /** USER_HZ, in which the kernel counts processor time: 100 on every Linux. */
  private static final long MILLIS_PER_TICK = 10;

  private final Daemon daemon;
  private final Path log;
  private final long logStart;
  private final long startNanos;

  /**
   * @param logStart length of the log before the start
   * @param startNanos when it was started
   */
  Watched(Daemon daemon, Path log, long logStart, long startNanos) {
    this.daemon = daemon;
    this.log = log;
    this.logStart = logStart;
    this.startNanos = startNanos;
  }

  long pid() {
    return daemon.pid();
  }

  /** Milliseconds from the start until a line with all of {@code words} stands in the log. */
  long millisUntil(String... words) throws IOException, InterruptedException {
    while (!says(List.of(words))) {
      if (!daemon.alive() || System.nanoTime() - startNanos > PATIENCE_NANOS) {
        throw new IOException(
            daemon.name() + " did not say " + List.of(words) + ":\n" + daemon.tail());
      }
      TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  /** Processor time so far, of all its threads. */
  long cpuMillis() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
    // proc(5): the name, in brackets, may hold blanks; utime and stime are fields 14 and 15
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) * MILLIS_PER_TICK;
  }

  private boolean says(List<String> words) throws IOException {
    byte[] octets = Files.readAllBytes(log);
    int from = (int) Math.min(logStart, octets.length);
    String text =
        new String(octets, from, octets.length - from, java.nio.charset.StandardCharsets.UTF_8);
    return text.lines().anyMatch(line -> words.stream().allMatch(line::contains));
  }
}
