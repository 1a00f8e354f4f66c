package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: two of them, one that is killed, one without a server. */
class RunningAgentTest {
  private static final long WAIT_SECONDS = 60;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private Device device;

  @BeforeEach
  void makeDevice() throws Exception {
    device = new Device(directory).made();
  }

  @Test
  void oneAgentAtATimeAndAStaleSocketIsReplaced() throws Exception {
    Path socket = directory.resolve("control.sock");
    Process first = start();
    try {
      awaitReady(first);
      Process second = start();
      assertEquals(
          List.of(
              "keyfleet-agent: another agent uses the state directory "
                  + directory.resolve("state")
                  + ": stop it, or configure another directory"),
          lines(second));
      assertTrue(second.waitFor(WAIT_SECONDS, TimeUnit.SECONDS));
      assertEquals(1, second.exitValue());
      device.run("status").succeeds();
    } finally {
      first.destroyForcibly().waitFor();
    }
    assertTrue(Files.exists(socket), "left behind by the kill");
    device.run("status").fails(ExitCode.NOT_REACHABLE, "nobody serves " + socket);
    Process third = start();
    try {
      awaitReady(third);
      device.run("status").succeeds();
      third.destroy();
      assertTrue(third.waitFor(WAIT_SECONDS, TimeUnit.SECONDS));
      assertFalse(Files.exists(socket));
    } finally {
      third.destroyForcibly().waitFor();
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsAskedAgainAndStatusSaysSo() throws Exception {
    Process agent = start();
    try {
      awaitReady(agent);
      String status = device.run("status").succeeds();
      assertTrue(status.contains("member " + Device.NAME + ", token " + device.value("label")));
      assertTrue(status.contains("group fleet: registering over multicast"), status);
      assertTrue(device.run("status", "--json").succeeds().contains("\"state\":\"registering\""));
      assertEquals("group fleet\n", device.run("keys").succeeds());
      assertTrue(device.run("keys", "--json").succeeds().startsWith("{\"ok\":true"));
      String token = device.run("token", "info", "--running").succeeds();
      assertTrue(token.contains("group fleet: nothing known before it is joined"), token);
      device
          .run("token", "wipe", "--yes", device.value("label"))
          .fails(ExitCode.FAILED, "another agent uses the state directory");
      device.run("keys", "--insecure-export").fails(ExitCode.REFUSED, "set allow-keys-export");
      device
          .run("join", "fleet", "--wait", "0")
          .fails(ExitCode.NOT_REACHABLE, "fleet: no answer", "goes on asking");
      device.run("join", "other").fails(ExitCode.USAGE, "there is no group 'other'", "has fleet");
      device.run("leave", "other").fails(ExitCode.USAGE, "there is no group 'other'");
      device.run("leave", "fleet").succeeds();
    } finally {
      agent.destroyForcibly().waitFor();
    }
  }

  @Test
  void aClockFarOffIsNamedInTheLog() throws Exception {
    Instant until = Instant.now().minusSeconds(86_400);
    device.certify(
        device.pki.issue(
            Device.NAME,
            Device.publicKey(directory.resolve("csr.pem")),
            until.minusSeconds(86_400),
            until));
    Process agent = start();
    try {
      String log = String.join("\n", awaitReady(agent));
      assertTrue(log.contains("is this device's clock right? it shows 2"), log);
    } finally {
      agent.destroyForcibly().waitFor();
    }
  }

  private Process start() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "run",
            "--config",
            device.config.toString())
        .redirectErrorStream(true)
        .start();
  }

  /** The log until the agent is ready; the build's own limit ends a wait in vain. */
  private static List<String> awaitReady(Process agent) throws Exception {
    BufferedReader log = agent.inputReader(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      lines.add(line);
      if (line.equals("INFO: ready")) {
        return lines;
      }
    }
    throw new AssertionError("ended: " + lines);
  }

  private static List<String> lines(Process process) {
    return process.inputReader(StandardCharsets.UTF_8).lines().toList();
  }
}
