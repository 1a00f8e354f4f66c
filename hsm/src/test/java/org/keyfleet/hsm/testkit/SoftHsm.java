package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.hsm.pkcs11.TokenInit;

/**
 * SoftHSM tokens for tests. SoftHSM reads its configuration from SOFTHSM2_CONF when the process
 * first loads it, so the build sets the variable to a file under {@code target/}, and this class
 * writes that file. One directory serves the process; its tokens are told apart by their labels.
 *
 * <p>A test that needs SoftHSM begins with {@link #require}; where the library is missing it is
 * skipped and says so.
 */
public final class SoftHsm {
  private static final String DIRECTORY = "softhsm-test";
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib64/pkcs11/libsofthsm2.so",
          "/opt/homebrew/lib/softhsm/libsofthsm2.so");
  private static final AtomicInteger SERIAL = new AtomicInteger();

  private SoftHsm() {}

  /** The library, if it is installed. */
  public static Optional<Path> library() {
    return PLACES.stream().map(Path::of).filter(Files::isReadable).findFirst();
  }

  /** Skips the calling test, loudly, if there is no SoftHSM to test with. */
  public static void require() {
    if (library().isEmpty()) {
      System.err.println("SKIPPED: no SoftHSM found; install softhsm2 to run this test");
      Assumptions.abort("SoftHSM is not installed");
    }
    Objects.requireNonNull(Configured.CONFIGURATION);
  }

  /** The directory of the tokens, one subdirectory each. */
  public static Path tokens() {
    return Configured.CONFIGURATION.resolveSibling("tokens");
  }

  /** The environment that another process needs to see the same tokens. */
  public static String configuration() {
    return Configured.CONFIGURATION.toString();
  }

  /** A new, empty token; its label is {@code stem} and a number. */
  public static Pkcs11Uri newToken(String stem, char[] pin) throws CustodyException {
    require();
    Pkcs11Uri uri =
        Pkcs11Uri.ofToken(
            library().orElseThrow().toString(), stem + "-" + SERIAL.incrementAndGet());
    TokenInit.initialize(uri, "12345678".toCharArray(), pin);
    return uri;
  }

  /** Done once a process, before SoftHSM is loaded. */
  private static final class Configured {
    static final Path CONFIGURATION = write();

    private static Path write() {
      Path directory = TestDirectory.of("SOFTHSM2_CONF", DIRECTORY);
      Path file = Path.of(System.getenv("SOFTHSM2_CONF")).toAbsolutePath();
      try {
        Files.createDirectories(directory.resolve("tokens"));
        Files.writeString(
            file,
            "directories.tokendir = "
                + directory.resolve("tokens")
                + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
