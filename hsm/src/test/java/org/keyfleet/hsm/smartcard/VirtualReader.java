package org.keyfleet.hsm.smartcard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A pcscd with one virtual reader and a {@link VirtualCard} in it. Both are in a network namespace
 * that has loopback only, and pcscd is in a mount namespace where the directory of its socket is
 * {@code target/pcscd}; the tests' environment names the socket there (PCSCLITE_CSOCK_NAME, see the
 * pom). So nothing of it shows outside, and a pcscd of the machine does not matter. Needs root.
 */
final class VirtualReader {
  static final String NAME = "Keyfleet virtual reader";

  private static final Path DIRECTORY = Path.of("target", "pcscd");
  private static final Path SOCKET = DIRECTORY.resolve("pcscd.comm");
  private static final Path LOG = DIRECTORY.resolve("log");
  private static final int PORT = 0x8C7B;
  private static final String CONFIGURATION =
      """
      FRIENDLYNAME "%s"
      DEVICENAME /dev/null:0x8C7B
      LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so
      CHANNELID 0x8C7B
      """
          .formatted(NAME);

  private final Process card;
  private final BufferedReader answers;
  private Process pcscd;

  private VirtualReader() throws Exception {
    Files.createDirectories(DIRECTORY);
    Files.writeString(DIRECTORY.resolve("reader.conf"), CONFIGURATION);
    card = startCard();
    answers = card.inputReader(StandardCharsets.US_ASCII);
    pcscd = start();
  }

  /** The one of this test run. */
  static VirtualReader shared() {
    return Shared.READER;
  }

  /** Puts a blank card in, in place of the one before; nobody uses it at the time. */
  void newCard() throws IOException {
    tell("new");
  }

  void pull() throws IOException {
    tell("pull");
  }

  void putBack() throws IOException {
    tell("put");
  }

  void stopPcscd() throws InterruptedException {
    pcscd.destroy();
    if (!pcscd.waitFor(10, TimeUnit.SECONDS)) {
      pcscd.destroyForcibly().waitFor();
    }
  }

  void startPcscd() throws Exception {
    pcscd = start();
  }

  /** The namespaces end with the last of their processes. */
  private void end() {
    pcscd.destroy();
    card.destroy();
  }

  private void tell(String word) throws IOException {
    OutputStream words = card.getOutputStream();
    words.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
    words.flush();
    String answer;
    // jCardSim prints as well
    do {
      answer = answers.readLine();
      if (answer == null) {
        throw new IOException("the virtual card has ended: " + Files.readString(LOG));
      }
    } while (!answer.equals("done"));
  }

  private static Process startCard() throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(VirtualCard.class.getName(), String.valueOf(PORT)));
    return new ProcessBuilder(command).redirectError(LOG.toFile()).start();
  }

  private Process start() throws Exception {
    Files.deleteIfExists(SOCKET);
    String script =
        "mkdir -p /run/pcscd && mount --bind \"$0\" /run/pcscd"
            + " && exec pcscd --foreground --config \"$0\"/reader.conf";
    Process started =
        new ProcessBuilder(
                "nsenter",
                "--net=/proc/" + card.pid() + "/ns/net",
                "unshare",
                "--mount",
                "sh",
                "-c",
                script,
                DIRECTORY.toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
            .start();
    Patience.until(
        "pcscd serves its socket",
        () -> {
          if (!started.isAlive()) {
            throw new IOException("pcscd has ended: " + Files.readString(LOG));
          }
          return Files.exists(SOCKET);
        });
    return started;
  }

  /** Started with the first test that needs it, ended with the tests. */
  private static final class Shared {
    static final VirtualReader READER = start();

    private static VirtualReader start() {
      try {
        VirtualReader reader = new VirtualReader();
        Runtime.getRuntime().addShutdownHook(new Thread(reader::end));
        return reader;
      } catch (Exception e) {
        throw new IllegalStateException("no virtual reader", e);
      }
    }
  }
}
