package org.keyfleet.transport.mqtt;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.keyfleet.transport.LinkProbe;

/** A real broker (Debian package mosquitto) on a free port of the loopback interface. */
final class Mosquitto implements AutoCloseable {
  private final Path directory;
  private final int port;
  private Optional<Process> process = Optional.empty();

  private Mosquitto(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /** A broker for anyone who connects; not started. */
  static Mosquitto open(Path directory) throws IOException {
    return configured(directory, "allow_anonymous true\n");
  }

  /** A broker with further lines of configuration; not started. */
  static Mosquitto configured(Path directory, String lines) throws IOException {
    Files.createDirectories(directory.resolve("data"));
    int port = freePort();
    String config =
        "listener "
            + port
            + " 127.0.0.1\n"
            + "user "
            + System.getProperty("user.name")
            + "\n"
            + "persistence true\n"
            + "persistence_location "
            + directory.resolve("data")
            + "/\n"
            + "log_dest file "
            + directory.resolve("log")
            + "\n"
            + "log_type all\n"
            + lines;
    Files.writeString(directory.resolve("mosquitto.conf"), config);
    return new Mosquitto(directory, port);
  }

  int port() {
    return port;
  }

  /** Its address without TLS. */
  String uri() {
    return "mqtt://127.0.0.1:" + port;
  }

  /** Its address with TLS, by the name that its certificate has. */
  String tlsUri() {
    return "mqtts://localhost:" + port;
  }

  /** Starts it and waits until it listens. */
  Mosquitto start() throws IOException {
    Process started =
        new ProcessBuilder(binary(), "-c", directory.resolve("mosquitto.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
            .start();
    process = Optional.of(started);
    LinkProbe.await("mosquitto listens", () -> listens() || !started.isAlive());
    if (!started.isAlive()) {
      throw new IOException("mosquitto ended: " + Files.readString(directory.resolve("out")));
    }
    return this;
  }

  /** Ends it as an operator does; it keeps its sessions on disk. */
  void stop() {
    if (process.isPresent()) {
      Process running = process.get();
      running.destroy();
      LinkProbe.await("mosquitto ends", () -> !running.isAlive());
    }
    process = Optional.empty();
  }

  String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  @Override
  public void close() {
    stop();
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String binary() {
    for (String folder : (System.getenv("PATH") + ":/usr/sbin").split(":", -1)) {
      File file = new File(folder, "mosquitto");
      if (file.canExecute()) {
        return file.getPath();
      }
    }
    System.err.println("NOT TESTED: no mosquitto here; apt install mosquitto");
    return Assumptions.abort("no mosquitto");
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
