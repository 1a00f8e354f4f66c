package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.opentest4j.TestAbortedException;

/**
 * openCryptoki's soft token for tests. Its daemon, socket and token directories are the host's and
 * cannot be moved. So the daemon is started only where none runs, with a configuration laid over
 * /etc in a mount namespace, whose one token has a directory of its own; where there are no
 * namespaces, with the packaged configuration, if its soft token was never used.
 */
public final class OpenCryptoki {
  /** How the daemon is run. */
  private record Setting(int slot, String tokenDirectory, List<String> command) {}

  private static final String LABEL = "keyfleet-test";
  private static final String FACTORY_OFFICER_PIN = "87654321";
  private static final String OFFICER_PIN = "76543210";
  private static final String FIRST_USER_PIN = "13572468";
  private static final Path SOCKET = Path.of("/run/pkcsslotd.socket");
  private static final Path PID_FILE = Path.of("/run/pkcsslotd.pid");
  private static final Path TOKENS = Path.of("/var/lib/opencryptoki");
  private static final Path CONFIGURATION = Path.of("/etc/opencryptoki/opencryptoki.conf");
  private static final Path DIRECTORY = Path.of("target", "opencryptoki-test").toAbsolutePath();
  private static final Path LOG = DIRECTORY.resolve("log");
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so",
          "/usr/lib/aarch64-linux-gnu/pkcs11/libopencryptoki.so",
          "/usr/lib64/pkcs11/libopencryptoki.so");

  private static Optional<Daemon> daemon = Optional.empty();
  private static int slot;

  private OpenCryptoki() {}

  /** The one token, made if there is none yet; who asks empties it first. */
  public static synchronized Pkcs11Uri token(String pin) throws IOException {
    if (daemon.isEmpty()) {
      Setting setting = requireSetting();
      Path token = TOKENS.resolve(setting.tokenDirectory());
      TestDirectory.deleteTree(token);
      Files.createDirectories(token.resolve("TOK_OBJ"));
      Files.createDirectories(Path.of("/run/lock/opencryptoki", setting.tokenDirectory()));
      daemon = Optional.of(new Daemon(LOG, setting.command().toArray(String[]::new)));
      slot = setting.slot();
      start();
      initialize(pin);
    }
    return Pkcs11Uri.ofToken(library().orElseThrow().toString(), LABEL);
  }

  /** Sets the PIN anew, as its security officer does after too many wrong ones. */
  public static void resetPin(String pin) throws IOException {
    pkcsconf("", "-u -S " + OFFICER_PIN + " -n " + FIRST_USER_PIN);
    pkcsconf("", "-p -U " + FIRST_USER_PIN + " -n " + pin);
  }

  /** Kills the daemon: it does not end on request while a library is initialised. */
  public static void kill() {
    daemon.orElseThrow().kill();
  }

  public static void start() throws IOException {
    Files.deleteIfExists(SOCKET);
    daemon.orElseThrow().start(OpenCryptoki::isReady);
  }

  /** The steps that the manual tells. */
  private static void initialize(String pin) throws IOException {
    pkcsconf("printf '%s\n' " + LABEL + " |", "-I -S " + FACTORY_OFFICER_PIN);
    pkcsconf("", "-P -S " + FACTORY_OFFICER_PIN + " -n " + OFFICER_PIN);
    resetPin(pin);
  }

  /** Skips the calling test, loudly, if openCryptoki is not there or not ours to use. */
  private static Setting requireSetting() throws IOException {
    Files.createDirectories(DIRECTORY);
    if (library().isEmpty()) {
      throw skip("install opencryptoki");
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      throw skip("its daemon needs root");
    }
    if (daemonRuns()) {
      throw skip("its daemon runs here already, and its tokens are not ours to write to");
    }
    Path laidOver = DIRECTORY.resolve("opencryptoki.conf");
    Files.writeString(
        laidOver,
        "version opencryptoki-3.8\nslot 0\n{\nstdll = libpkcs11_sw.so\ntokname = keyfleet-test\n}\n");
    String bind = "mount --bind " + laidOver + " " + CONFIGURATION;
    if (succeeds("unshare", "--mount", "sh", "-c", bind)) {
      String run = bind + " && exec pkcsslotd -f";
      return new Setting(0, "keyfleet-test", List.of("unshare", "--mount", "sh", "-c", run));
    }
    Path used = TOKENS.resolve("swtok").resolve("NVTOK.DAT");
    if (Files.exists(used)
        && !Files.readString(used, StandardCharsets.ISO_8859_1).contains(LABEL)) {
      throw skip("its soft token is in use, and there are no mount namespaces");
    }
    return new Setting(stockSlot(), "swtok", List.of("pkcsslotd", "-f"));
  }

  /** The slot of the soft token in the packaged configuration. */
  private static int stockSlot() throws IOException {
    int slot = -1;
    for (String line : Files.readAllLines(CONFIGURATION)) {
      if (line.startsWith("slot ")) {
        slot = Integer.parseInt(line.substring(5).strip());
      } else if (line.contains("libpkcs11_sw.so")) {
        return slot;
      }
    }
    throw skip("no soft token in " + CONFIGURATION);
  }

  private static TestAbortedException skip(String reason) {
    System.err.println("SKIPPED: no openCryptoki to test with; " + reason);
    return new TestAbortedException("no openCryptoki: " + reason);
  }

  private static Optional<Path> library() {
    return PLACES.stream().map(Path::of).filter(Files::isReadable).findFirst();
  }

  private static boolean daemonRuns() {
    try {
      long pid = Long.parseLong(Files.readString(PID_FILE).strip());
      return Files.readString(Path.of("/proc", String.valueOf(pid), "comm")).contains("pkcsslotd")
          && !Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline")).isEmpty();
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  private static boolean isReady() {
    return Files.exists(SOCKET) && daemonRuns();
  }

  private static void pkcsconf(String before, String options) throws IOException {
    Daemon.run(LOG, "sh", "-c", before + " pkcsconf -c " + slot + " " + options);
  }

  private static boolean succeeds(String... command) {
    try {
      Daemon.run(LOG, command);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
