package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.keyfleet.hsm.testkit.SoftHsm;

/**
 * An agent's SoftHSM behind a socket: p11-kit's server, which can be killed, and its client library
 * in the agent. The server numbers the slots in the order in which SoftHSM lists them.
 */
final class RemoteToken implements AutoCloseable {
  private static final int MANY = 40;
  private static final List<Path> CLIENTS =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so"),
          Path.of("/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so"),
          Path.of("/usr/lib64/pkcs11/p11-kit-client.so"));

  private final Path directory;
  private final Path socket;
  private Daemon server;

  private RemoteToken(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    this.socket = directory.resolve("hsm.sock");
    this.server = start();
  }

  /** Puts the token of the agent that lives in {@code directory} behind a socket. */
  static RemoteToken of(Path directory) throws IOException, InterruptedException {
    Path client =
        CLIENTS.stream()
            .filter(Files::isReadable)
            .findFirst()
            .orElseGet(
                () -> {
                  System.err.println("SKIPPED: install p11-kit and p11-kit-modules for this test");
                  return Assumptions.abort("p11-kit is not installed");
                });
    TokenFaultsTest.useLibrary(directory, client);
    return new RemoteToken(directory);
  }

  /** What the agent needs to find the server. */
  Map<String, String> environment() {
    return Map.of("P11_KIT_SERVER_ADDRESS", "unix:path=" + socket);
  }

  private Map<String, String> softHsm() {
    return Map.of("SOFTHSM2_CONF", directory.resolve("softhsm2.conf").toString());
  }

  /** Kills the server, and whoever it has begun to serve a client. */
  void end() throws InterruptedException {
    List<ProcessHandle> serving =
        ProcessHandle.of(server.pid()).stream().flatMap(ProcessHandle::descendants).toList();
    server.kill();
    serving.forEach(ProcessHandle::destroyForcibly);
  }

  void begin() throws IOException, InterruptedException {
    server = start();
  }

  /** Where the agent's token stands among SoftHSM's, which is what the server counts. */
  int place() throws IOException, InterruptedException {
    Path log = Files.createTempFile(directory, "slots", ".log");
    run(log, "--show-slots");
    int place = 0;
    for (String line : Files.readAllLines(log)) {
      if (line.matches("\\s*Label:\\s+remote\\s*")) {
        return place;
      }
      place += line.startsWith("Slot ") ? 1 : 0;
    }
    throw new IOException("no token: " + Files.readString(log));
  }

  /** Makes other tokens until ours stands elsewhere; SoftHSM orders them by random numbers. */
  void moveFrom(int place) throws IOException, InterruptedException {
    for (int i = 0; i < MANY && place() == place; i++) {
      run(
          directory.resolve("other.log"),
          "--init-token",
          "--free",
          "--label",
          "other-" + i,
          "--pin",
          "1234",
          "--so-pin",
          "12345678");
    }
  }

  private void run(Path log, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("softhsm2-util"));
    command.addAll(List.of(arguments));
    if (Daemon.run("softhsm2-util", command, softHsm(), log) != 0) {
      throw new IOException(Files.readString(log));
    }
  }

  private Daemon start() throws IOException, InterruptedException {
    Files.deleteIfExists(socket);
    List<String> command =
        List.of(
            "p11-kit",
            "server",
            "--foreground",
            "--name",
            socket.toString(),
            "--provider",
            SoftHsm.library().orElseThrow().toString(),
            "pkcs11:");
    Daemon started = Daemon.start("hsm", command, softHsm(), directory.resolve("hsm.log"));
    Await.until(
        () -> "the HSM's server listens\n" + started.tail(),
        Duration.ofSeconds(20),
        () -> Files.exists(socket));
    return started;
  }

  @Override
  public void close() {
    try {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.close();
  }
}
