package org.keyfleet.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.keyfleet.benchmarks.fleet.AgentProcess;

/** The commands under {@code keyfleet-agent token}, on an agent that is not running. */
final class TokenExercise {
  private final AgentProcess agent;
  private final boolean softHsm;

  TokenExercise(AgentProcess agent, boolean softHsm) {
    this.agent = agent;
    this.softHsm = softHsm;
  }

  /** All that leaves the device as it was, but for its PIN. */
  void beforeStart() throws IOException, InterruptedException {
    Exercise.require(agent.command("token", "list"), softHsm ? "pkcs11:" : "key file");
    if (softHsm) {
      Exercise.require(agent.command("token", "init", "--label", "spare"), "token spare made");
    }
    Exercise.require(agent.command("token", "csr"), "BEGIN CERTIFICATE REQUEST");
    String certificate = agent.directory().resolve("device.cert.pem").toString();
    Exercise.require(agent.command("token", "import-cert", certificate), "certificate stored");
    Path fresh = Files.writeString(agent.directory().resolve("next-pin"), "another-pin\n");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
    Exercise.require(
        agent.command("token", "change-pin", "--new-pin-file", fresh.toString()), "is changed");
    Exercise.require(agent.command("token", "selftest"), ", reached");
  }

  /** What its journals say of its groups, and then its end. */
  void afterEnd() throws IOException, InterruptedException {
    Exercise.require(agent.command("token", "info"), "by its policy");
    String label = softHsm ? agent.name() : "keys.soft";
    Exercise.require(agent.command("token", "wipe", "--yes", label, "--journals"), "deleted ");
  }
}
