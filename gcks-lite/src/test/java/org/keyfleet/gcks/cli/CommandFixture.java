package org.keyfleet.gcks.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.gcks.admin.AdminCommands;
import org.keyfleet.gcks.policy.SettingsReader;
import org.keyfleet.gcks.server.Daemon;

/** A server's files, the commands on them, and a server that runs. */
abstract class CommandFixture {
  static final long WAIT_SECONDS = 30;

  @TempDir private @Nullable Path directory;
  Path config = Path.of("unset");
  Instant now = Instant.now();

  record Result(int code, String out, String err) {}

  @BeforeEach
  void writeConfiguration() throws Exception {
    config = java.util.Objects.requireNonNull(directory).resolve("gcks.toml");
    Files.writeString(
        config,
        """
        [server]
        identity = "gcks.example"
        certificate = "gcks.cert.pem"
        trust-anchors = "ca.cert.pem"
        [custody]
        file = "gcks.keys"
        pin-file = "gcks.pin"
        [listen]
        addresses = ["127.0.0.1"]
        port = %d
        [ca]
        certificate = "ca.cert.pem"
        key = "ca.key.pem"
        [[group]]
        name = "fleet"
        [group.rekey]
        multicast-address = "239.192.77.1"
        interface = "lo"
        [[group.data]]
        name = "d"
        multicast-address = "239.192.77.2"
        """
            .formatted(freePort()));
  }

  static void assertOneLine(Result result, int code, String... parts) {
    for (String part : parts) {
      assertOneLine(result, part);
    }
    assertEquals(code, result.code, result.err);
  }

  static void assertOneLine(Result result, String part) {
    assertTrue(result.err.contains(part), result.err);
    assertEquals(1, result.err.lines().count(), result.err);
  }

  Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    boolean configured = arguments.length > 0 && !arguments[0].startsWith("-");
    String[] all = arguments;
    if (configured && !arguments[0].equals("frobnicate")) {
      all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
      all[arguments.length] = "--config";
      all[arguments.length + 1] = config.toString();
    }
    InstantSource clock = () -> now;
    int code =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), new SecureRandom(), clock, all);
    return new Result(code, out.toString(), err.toString());
  }

  static int freePort() throws Exception {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  /** A server on a thread of its own, which owns it. */
  final class Served implements AutoCloseable {
    private final CountDownLatch started = new CountDownLatch(1);
    private final AtomicReference<@Nullable Daemon> daemon = new AtomicReference<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Thread thread;

    Served() throws Exception {
      thread = new Thread(this::serve, "served");
      thread.start();
      assertTrue(started.await(WAIT_SECONDS, TimeUnit.SECONDS));
      rethrow();
    }

    private void serve() {
      try (Daemon mine =
          Daemon.start(SettingsReader.read(config), new SecureRandom(), InstantSource.system())) {
        mine.serveCommands(
            SettingsReader.read(config).server().adminSocket(),
            new AdminCommands(mine.server())::answer);
        daemon.set(mine);
        started.countDown();
        mine.run();
      } catch (Exception e) {
        failure.set(e);
        started.countDown();
      }
    }

    void join() throws Exception {
      Daemon running = daemon.get();
      if (running != null) {
        running.stop();
      }
      thread.join(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
      assertFalse(thread.isAlive());
      rethrow();
    }

    private void rethrow() throws Exception {
      Exception e = failure.get();
      if (e != null) {
        throw e;
      }
    }

    @Override
    public void close() {
      Daemon running = daemon.get();
      if (running != null) {
        running.stop();
      }
    }
  }
}
