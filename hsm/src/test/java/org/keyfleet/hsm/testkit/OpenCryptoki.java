package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.opentest4j.TestAbortedException;

/** One soft token of openCryptoki for the tests of this process: an {@link OpenCryptokiDaemon}. */
public final class OpenCryptoki {
  private static final String LABEL = "keyfleet-test";
  private static final String OFFICER_PIN = "76543210";
  private static final Path DIRECTORY = Path.of("target", "opencryptoki-test").toAbsolutePath();

  private static Optional<OpenCryptokiDaemon> daemon = Optional.empty();

  private OpenCryptoki() {}

  /** The one token, made if there is none yet; who asks empties it first. */
  public static synchronized Pkcs11Uri token(String pin) throws IOException {
    if (daemon.isEmpty()) {
      OpenCryptokiDaemon started;
      try {
        started = OpenCryptokiDaemon.start(DIRECTORY, 1);
      } catch (IOException e) {
        System.err.println("SKIPPED: no openCryptoki to test with; " + e.getMessage());
        throw new TestAbortedException("no openCryptoki: " + e.getMessage());
      }
      daemon = Optional.of(started);
      started.initialize(0, LABEL, OFFICER_PIN, pin);
    }
    return Pkcs11Uri.ofToken(OpenCryptokiDaemon.library().orElseThrow().toString(), LABEL);
  }

  /** Sets the PIN anew, as its security officer does after too many wrong ones. */
  public static void resetPin(String pin) throws IOException {
    daemon.orElseThrow().resetPin(0, OFFICER_PIN, pin);
  }

  /** Kills the daemon: it does not end on request while a library is initialised. */
  public static void kill() {
    daemon.orElseThrow().kill();
  }

  public static void start() throws IOException {
    daemon.orElseThrow().restart();
  }
}
