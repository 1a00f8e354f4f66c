package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program that a test needs beside it; ended with the test's process at the latest. */
final class Daemon {
  private static final int POLL_MILLIS = 10;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int STOP_MILLIS = 2_000;

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private Optional<Process> process = Optional.empty();

  Daemon(Path log, String... command) {
    this(log, Map.of(), command);
  }

  /**
   * A program that is not running yet.
   *
   * @param environment what it gets besides ours
   */
  Daemon(Path log, Map<String, String> environment, String... command) {
    this.command = List.of(command);
    this.environment = Map.copyOf(environment);
    this.log = log;
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "end of " + command[0]));
  }

  /** Starts it and waits until it is ready. */
  synchronized void start(BooleanSupplier ready) throws IOException {
    Process started = process(log, environment, command);
    process = Optional.of(started);
    for (int waited = 0; !ready.getAsBoolean(); waited += POLL_MILLIS) {
      if (ends(started, POLL_MILLIS) || waited > PATIENCE_MILLIS) {
        throw new IOException(command + " is not ready: " + Files.readString(log));
      }
    }
  }

  synchronized void stop() {
    process.ifPresent(
        running -> {
          running.destroy();
          if (!ends(running, STOP_MILLIS)) {
            kill(running);
          }
        });
    process = Optional.empty();
  }

  /** Ends it as a crash does. */
  synchronized void kill() {
    process.ifPresent(Daemon::kill);
    process = Optional.empty();
  }

  private static void kill(Process running) {
    running.destroyForcibly();
    if (!ends(running, PATIENCE_MILLIS)) {
      throw new IllegalStateException(running + " cannot be killed");
    }
  }

  /** Runs a program to its end. */
  static void run(Path log, String... command) throws IOException {
    run(log, Map.of(), command);
  }

  /** The same with variables besides ours. */
  static void run(Path log, Map<String, String> environment, String... command) throws IOException {
    Process started = process(log, environment, List.of(command));
    started.getOutputStream().close();
    if (!ends(started, PATIENCE_MILLIS) || started.exitValue() != 0) {
      started.destroyForcibly();
      throw new IOException(List.of(command) + " failed: " + Files.readString(log));
    }
  }

  private static Process process(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static boolean ends(Process process, long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
