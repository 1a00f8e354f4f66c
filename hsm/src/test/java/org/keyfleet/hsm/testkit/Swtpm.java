package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.hsm.pkcs11.TokenInit;

/**
 * A TPM 2.0 for tests: a {@link TpmSimulator} with tpm2-pkcs11 before it. It is started with the
 * first use, once a process, and there is one token. The library finds them by variables that the
 * build sets.
 */
public final class Swtpm {
  private static final String LABEL = "tpm";
  private static final List<String> PROGRAMS =
      List.of("swtpm", "tpm2-abrmd", "dbus-daemon", "tpm2_dictionarylockout");

  private Swtpm() {}

  /** Skips the calling test, loudly, if there is no TPM to test with. */
  public static void require() {
    if (TpmSimulator.library().isEmpty() || !PROGRAMS.stream().allMatch(Swtpm::isInstalled)) {
      System.err.println(
          "SKIPPED: no TPM to test with; install swtpm tpm2-abrmd tpm2-tools libtss2-tcti-tabrmd0"
              + " libtpm2-pkcs11-1 dbus-daemon");
      Assumptions.abort("swtpm and tpm2-pkcs11 are not installed");
    }
  }

  /** The one token, which is made if there is none yet; who asks empties it first. */
  public static Pkcs11Uri token(char[] pin) throws CustodyException, IOException {
    require();
    Pkcs11Uri uri = Pkcs11Uri.ofToken(TpmSimulator.library().orElseThrow().toString(), LABEL);
    if (!Running.tokenMade) {
      TokenInit.initialize(uri, "12345678".toCharArray(), pin);
      Running.tokenMade = true;
    }
    return uri;
  }

  /** Takes the TPM from whoever uses it. */
  public static void stopBroker() {
    Running.SIMULATOR.stopBroker();
  }

  public static void startBroker() throws IOException {
    Running.SIMULATOR.startBroker();
  }

  /** Forgets wrong PINs, of which the TPM takes three (TPM 2.0 Part 1 section 19.8). */
  public static void clearLockout() throws IOException {
    Running.SIMULATOR.clearLockout();
  }

  /** Has a stranger give wrong PINs until the TPM takes none from anybody. */
  public static void lockOut() throws IOException {
    Running.SIMULATOR.lockOut();
  }

  private static boolean isInstalled(String program) {
    return List.of("/usr/bin", "/usr/sbin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Started once a process. */
  private static final class Running {
    static final Path DIRECTORY = TestDirectory.of("DBUS_SYSTEM_BUS_ADDRESS", "tpm-test");
    static final TpmSimulator SIMULATOR = start();
    static boolean tokenMade;

    private static TpmSimulator start() {
      try {
        Files.createDirectories(DIRECTORY.resolve("store"));
        return TpmSimulator.start(DIRECTORY);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
