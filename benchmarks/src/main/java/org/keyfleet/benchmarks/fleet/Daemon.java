package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One process of the fleet: its output goes to a log file, and it ends with the fleet at the
 * latest.
 */
public final class Daemon implements AutoCloseable {
  private static final long STOP_SECONDS = 5;
  private static final int TAIL_LINES = 12;

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread atExit;

  private Daemon(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.atExit = new Thread(process::destroyForcibly, name + "-end");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts {@code command} with {@code environment} added to ours; its output is appended to {@code
   * log}.
   */
  public static Daemon start(
      String name, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return new Daemon(name, builder.start(), log);
  }

  /** Runs {@code command} to its end and gives its exit code. */
  public static int run(
      String name, List<String> command, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    try (Daemon daemon = start(name, command, environment, log)) {
      return daemon.process.waitFor();
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Ends it at once, as a power cut would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** The last lines of its log, for an error message. */
  public String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to end, and ends it after some seconds. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // the virtual machine is going down already: the hook runs anyway
      return;
    }
  }
}
