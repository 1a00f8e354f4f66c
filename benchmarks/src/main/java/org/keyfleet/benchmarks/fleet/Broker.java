package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * mosquitto on loopback: TLS 1.3, client certificates, and an access list of topics for each
 * client; on demand a second listener without all this.
 */
final class Broker implements AutoCloseable {
  private final Daemon mosquitto;
  private final int port;
  private final OptionalInt plainPort;

  private Broker(Daemon mosquitto, int port, OptionalInt plainPort) {
    this.mosquitto = mosquitto;
    this.port = port;
    this.plainPort = plainPort;
  }

  /**
   * @param plainPort of a listener without TLS, where anyone may read and write
   * @param gcksName the common name of the server's client certificate
   */
  static Broker start(
      Path directory, FleetPki pki, int port, OptionalInt plainPort, String gcksName)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    pki.issue("localhost");
    Path accessList = Files.writeString(directory.resolve("acl"), accessList(gcksName));
    String configuration =
        String.join(
            "\n",
            "per_listener_settings true",
            "persistence false",
            "user " + System.getProperty("user.name"),
            plainPort.isPresent()
                ? "listener " + plainPort.getAsInt() + " 127.0.0.1\nallow_anonymous true"
                : "",
            "listener " + port + " 127.0.0.1",
            "cafile " + pki.caFile(),
            "certfile " + pki.certificateFile("localhost"),
            "keyfile " + pki.keyFile("localhost"),
            "tls_version tlsv1.3",
            "require_certificate true",
            "use_identity_as_username true",
            "allow_anonymous false",
            "acl_file " + accessList,
            "");
    Path file = Files.writeString(directory.resolve("mosquitto.conf"), configuration);
    List<String> command = List.of(executable(), "-c", file.toString());
    Daemon mosquitto = Daemon.start("mosquitto", command, Map.of(), directory.resolve("log"));
    Await.until(
        () -> "mosquitto listens\n" + mosquitto.tail(),
        Duration.ofSeconds(10),
        () -> listens(port));
    return new Broker(mosquitto, port, plainPort);
  }

  String url() {
    return "mqtts://localhost:" + port;
  }

  /** Where agents find it. */
  String agentUrl() {
    return plainPort.isPresent() ? "mqtt://localhost:" + plainPort.getAsInt() : url();
  }

  @Override
  public void close() {
    mosquitto.close();
  }

  private static String accessList(String gcksName) {
    return String.join(
        "\n",
        "user " + gcksName,
        "topic readwrite kf/#",
        "pattern read kf/+/rekey",
        "pattern write kf/+/reg/%u/req",
        "pattern read kf/+/reg/%u/resp",
        "");
  }

  private static String executable() {
    return Files.isExecutable(Path.of("/usr/sbin/mosquitto")) ? "/usr/sbin/mosquitto" : "mosquitto";
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
