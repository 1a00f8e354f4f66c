package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * openCryptoki's daemon with soft tokens of our own. Its socket and token directories are the
 * host's and cannot be moved. So it is started only where none runs, with a configuration laid over
 * /etc in a mount namespace, whose tokens have directories of their own; where there are no
 * namespaces, with the packaged configuration and its one soft token, if that was never used. Needs
 * root.
 */
public final class OpenCryptokiDaemon implements AutoCloseable {
  /** How the daemon is run. */
  private record Setting(List<Integer> slots, List<String> folders, List<String> command) {}

  /** Of the soft token in the packaged configuration. */
  private static final String STOCK_FOLDER = "swtok";

  private static final String FACTORY_OFFICER_PIN = "87654321";
  private static final String FIRST_USER_PIN = "13572468";
  private static final Path SOCKET = Path.of("/run/pkcsslotd.socket");
  private static final Path PID_FILE = Path.of("/run/pkcsslotd.pid");
  private static final Path TOKENS = Path.of("/var/lib/opencryptoki");
  private static final Path LOCKS = Path.of("/run/lock/opencryptoki");
  private static final Path CONFIGURATION = Path.of("/etc/opencryptoki/opencryptoki.conf");
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so",
          "/usr/lib/aarch64-linux-gnu/pkcs11/libopencryptoki.so",
          "/usr/lib64/pkcs11/libopencryptoki.so");

  private final Path log;
  private final Setting setting;
  private final Daemon daemon;

  private OpenCryptokiDaemon(Path log, Setting setting) {
    this.log = log;
    this.setting = setting;
    this.daemon = new Daemon(log, setting.command().toArray(String[]::new));
  }

  /**
   * Starts it with empty tokens.
   *
   * @param directory an absolute path; gets configuration and log
   * @param count how many tokens
   * @throws IOException with the reason, if it cannot be had here
   */
  public static OpenCryptokiDaemon start(Path directory, int count) throws IOException {
    Files.createDirectories(directory);
    Path log = directory.resolve("log");
    Setting setting = setting(directory, log, count);
    for (String folder : setting.folders()) {
      TestDirectory.deleteTree(TOKENS.resolve(folder));
      Files.createDirectories(TOKENS.resolve(folder).resolve("TOK_OBJ"));
      Files.createDirectories(LOCKS.resolve(folder));
    }
    OpenCryptokiDaemon started = new OpenCryptokiDaemon(log, setting);
    started.restart();
    return started;
  }

  /** The PKCS#11 library, if it is installed. */
  public static Optional<Path> library() {
    return PLACES.stream().map(Path::of).filter(Files::isReadable).findFirst();
  }

  /**
   * Makes a token, by the steps that the manual tells.
   *
   * @param index which one, from 0
   * @param pin 4 to 8 digits
   */
  public void initialize(int index, String label, String officerPin, String pin)
      throws IOException {
    pkcsconf(index, "printf '%s\n' " + label + " |", "-I -S " + FACTORY_OFFICER_PIN);
    pkcsconf(index, "", "-P -S " + FACTORY_OFFICER_PIN + " -n " + officerPin);
    resetPin(index, officerPin, pin);
  }

  /** Sets the PIN anew, as its security officer does after too many wrong ones. */
  void resetPin(int index, String officerPin, String pin) throws IOException {
    pkcsconf(index, "", "-u -S " + officerPin + " -n " + FIRST_USER_PIN);
    pkcsconf(index, "", "-p -U " + FIRST_USER_PIN + " -n " + pin);
  }

  /** Kills the daemon: it does not end on request while a library is initialised. */
  void kill() {
    daemon.kill();
  }

  /** Starts it once more, with the tokens as they are. */
  void restart() throws IOException {
    Files.deleteIfExists(SOCKET);
    daemon.start(() -> Files.exists(SOCKET) && daemonRuns());
  }

  /** Ends it and takes the tokens away that it made. */
  @Override
  public void close() throws IOException {
    daemon.kill();
    Files.deleteIfExists(SOCKET);
    for (String folder : setting.folders()) {
      if (!folder.equals(STOCK_FOLDER)) {
        TestDirectory.deleteTree(TOKENS.resolve(folder));
        TestDirectory.deleteTree(LOCKS.resolve(folder));
      }
    }
  }

  private static Setting setting(Path directory, Path log, int count) throws IOException {
    if (library().isEmpty()) {
      throw new IOException("install opencryptoki");
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IOException("openCryptoki's daemon needs root");
    }
    if (daemonRuns()) {
      throw new IOException(
          "openCryptoki's daemon runs here already, and its tokens are not ours to write to");
    }
    Path laidOver = directory.resolve("opencryptoki.conf");
    StringBuilder text = new StringBuilder("version opencryptoki-3.8\n");
    List<Integer> slots = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    for (int slot = 0; slot < count; slot++) {
      String folder = "keyfleet-test-" + slot;
      text.append("slot %d\n{\nstdll = libpkcs11_sw.so\ntokname = %s\n}\n".formatted(slot, folder));
      slots.add(slot);
      folders.add(folder);
    }
    Files.writeString(laidOver, text.toString());
    String bind = "mount --bind " + laidOver + " " + CONFIGURATION;
    if (succeeds(log, "unshare", "--mount", "sh", "-c", bind)) {
      String run = bind + " && exec pkcsslotd -f";
      return new Setting(slots, folders, List.of("unshare", "--mount", "sh", "-c", run));
    }
    if (count > 1 || isUsed(STOCK_FOLDER)) {
      throw new IOException(
          "without mount namespaces openCryptoki has one soft token, and that must be unused");
    }
    return new Setting(List.of(stockSlot()), List.of(STOCK_FOLDER), List.of("pkcsslotd", "-f"));
  }

  private static boolean isUsed(String folder) throws IOException {
    Path used = TOKENS.resolve(folder).resolve("NVTOK.DAT");
    return Files.exists(used)
        && !Files.readString(used, StandardCharsets.ISO_8859_1).contains("keyfleet-test");
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
    throw new IOException("no soft token in " + CONFIGURATION);
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

  private void pkcsconf(int index, String before, String options) throws IOException {
    int slot = setting.slots().get(index);
    Daemon.run(log, "sh", "-c", before + " pkcsconf -c " + slot + " " + options);
  }

  private static boolean succeeds(Path log, String... command) {
    try {
      Daemon.run(log, command);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
