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
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A pcscd with one virtual reader (vsmartcard-vpcd, whose driver keeps one reader a process) and a
 * {@link VirtualCard} in it. Both are in a network namespace that has loopback only, and pcscd is
 * in a mount namespace where the directory of its socket is one of ours; whoever has
 * PCSCLITE_CSOCK_NAME set to {@link #socket} reaches it. So nothing of it shows outside, and a
 * pcscd of the machine does not matter. Needs root.
 */
public final class VirtualPcscd implements AutoCloseable {
  /** What its reader's name begins with. */
  public static final String READER = "Keyfleet virtual reader";

  private static final int PORT = 0x8C7B;
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final String CONFIGURATION =
      """
      FRIENDLYNAME "%s"
      DEVICENAME /dev/null:0x8C7B
      LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so
      CHANNELID 0x8C7B
      """
          .formatted(READER);

  private final Path directory;
  private final Process card;
  private final BufferedReader answers;
  private @Nullable Process pcscd;

  private VirtualPcscd(Path directory) throws IOException {
    this.directory = directory;
    this.card = cardProcess();
    this.answers = card.inputReader(StandardCharsets.US_ASCII);
  }

  /**
   * Starts it with a blank card, which pcscd sees a moment after somebody asks.
   *
   * @param directory gets socket, configuration and log; short, since a socket's path is
   */
  public static VirtualPcscd start(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("reader.conf"), CONFIGURATION);
    VirtualPcscd started = new VirtualPcscd(directory);
    boolean done = false;
    try {
      started.awaitAnswer(VirtualCard.READY);
      started.startPcscd();
      done = true;
      return started;
    } finally {
      if (!done) {
        started.close();
      }
    }
  }

  /** For PCSCLITE_CSOCK_NAME. */
  public Path socket() {
    return directory.resolve("pcscd.comm");
  }

  /** Puts a blank card in, in place of the one before; nobody uses it at the time. */
  public void newCard() throws IOException {
    tell("new");
  }

  public void pull() throws IOException {
    tell("pull");
  }

  public void putBack() throws IOException {
    tell("put");
  }

  public void stopPcscd() {
    Process running = pcscd;
    if (running != null) {
      running.destroy();
      if (!ends(running)) {
        running.destroyForcibly();
        ends(running);
      }
    }
  }

  public void startPcscd() throws IOException {
    Files.deleteIfExists(socket());
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
                directory.toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    pcscd = started;
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!Files.exists(socket())) {
      if (!started.isAlive() || System.nanoTime() > end) {
        throw new IOException("pcscd does not start: " + Files.readString(log()));
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  /** The namespaces end with the last of their processes. */
  @Override
  public void close() {
    stopPcscd();
    card.destroyForcibly();
  }

  private void tell(String word) throws IOException {
    OutputStream words = card.getOutputStream();
    words.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
    words.flush();
    awaitAnswer(VirtualCard.DONE);
  }

  /** Reads on until the answer: jCardSim prints as well. */
  private void awaitAnswer(String expected) throws IOException {
    String answer;
    do {
      answer = answers.readLine();
      if (answer == null) {
        throw new IOException("the virtual card has ended: " + Files.readString(log()));
      }
    } while (!answer.equals(expected));
  }

  private Process cardProcess() throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(VirtualCard.class.getName(), String.valueOf(PORT)));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private Path log() {
    return directory.resolve("log");
  }

  private static boolean ends(Process process) {
    try {
      return process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
