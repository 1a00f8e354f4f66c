package org.keyfleet.hsm.smartcard;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The {@link VirtualPcscd} of a test run; the tests' environment names its socket
 * (PCSCLITE_CSOCK_NAME, see the pom).
 */
final class VirtualReader {
  private static final Path DIRECTORY = Path.of("target", "pcscd");

  private VirtualReader() {}

  /** The one of this test run. */
  static VirtualPcscd shared() {
    return Shared.PCSCD;
  }

  /** Started with the first test that needs it, ended with the tests. */
  private static final class Shared {
    static final VirtualPcscd PCSCD = start();

    private static VirtualPcscd start() {
      try {
        VirtualPcscd started = VirtualPcscd.start(DIRECTORY);
        Runtime.getRuntime().addShutdownHook(new Thread(started::close));
        return started;
      } catch (IOException e) {
        throw new IllegalStateException("no virtual reader", e);
      }
    }
  }
}
