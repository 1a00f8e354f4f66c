package org.keyfleet.benchmarks.footprint;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.AgentStatus;
import org.keyfleet.benchmarks.fleet.Await;
import org.keyfleet.benchmarks.fleet.Fleet;
import org.keyfleet.benchmarks.fleet.FleetOptions;
import org.keyfleet.benchmarks.fleet.KeysInUse;
import org.keyfleet.benchmarks.fleet.Launcher;
import org.keyfleet.benchmarks.fleet.TokenKind;

/**
 * Everything the agent does, once, on the device runtime: each command, both kinds of token, both
 * transports, other suites, data, rekeys, leaving and coming back. The class-data archive is made
 * of what this loads, and continuous integration runs it again on the finished runtime.
 */
public final class Exercise {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int DATAGRAMS = 5;

  private final Fleet fleet;
  private final boolean softHsm;
  private final PrintStream out;
  private List<AgentStatus> last = List.of();

  private Exercise(Fleet fleet, boolean softHsm, PrintStream out) {
    this.fleet = fleet;
    this.softHsm = softHsm;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("keyfleet.root", ".")).toAbsolutePath().normalize();
    Launcher launcher =
        Launcher.plain(root.resolve("firmware-images/target/runtime")).withTrimmedAgents();
    Path work = Files.createTempDirectory("keyfleet-exercise");
    try {
      with(
          launcher,
          FleetOptions.twoGroups(work.resolve("a"), "strict", TokenKind.SOFTHSM, "aes-256-gcm16"));
      with(
          launcher,
          FleetOptions.twoGroups(
              work.resolve("b"), "standard", TokenKind.SOFT, "chacha20-poly1305"));
      with(
          launcher,
          FleetOptions.twoGroups(
                  work.resolve("c"), "standard", TokenKind.SOFT, "aes-256-cbc-hmac-sha2-512")
              .withPlainMqtt());
    } finally {
      Folder.delete(work);
    }
  }

  private static void with(Launcher launcher, FleetOptions options)
      throws IOException, InterruptedException {
    System.out.println(
        "token "
            + options.token().option()
            + ", custody "
            + options.custody()
            + ", "
            + options.brokerGroupSuite());
    try (Fleet fleet = Fleet.start(options, launcher)) {
      new Exercise(fleet, options.token() == TokenKind.SOFTHSM, System.out).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    AgentProcess sender = fleet.add("sender", "multicast", true);
    AgentProcess reader = fleet.add("reader", "multicast", false);
    require(sender.command("token"), "custody level");
    out.println("  init, token list, init, csr, import-cert, change-pin, selftest: done");
    sender.start();
    reader.start();
    awaitMembers(sender);
    awaitMembers(reader);
    out.println("  run: member of two groups, by multicast and over MQTT");
    rekey(reader);
    out.println("  rekeys of both groups: followed");
    data(sender, reader);
    out.println("  data: " + DATAGRAMS + " datagrams sealed and opened");
    require(reader.command("status"), FleetOptions.GROUP);
    require(reader.command("keys"), "data SA");
    require(reader.command("keys", "--json"), "dataSas");
    require(reader.command("token", "info", "--running"), "by its policy");
    reader.command("leave", FleetOptions.GROUP);
    reader.command("join", FleetOptions.GROUP);
    awaitMembers(reader);
    out.println("  status, keys, leave, join: done");
    reader.daemon().close();
    reader.start();
    awaitMembers(reader);
    out.println("  restart: member again from the journal");
    sender.daemon().close();
    new TokenExercise(sender, softHsm).afterEnd();
    out.println("  token info of a member that is down, wipe: done");
  }

  private static void awaitMembers(AgentProcess agent) throws IOException, InterruptedException {
    Await.until(
        () -> agent.name() + " is a member of both groups:\n" + agent.daemon().tail(),
        PATIENCE,
        () -> agent.status().joined() && agent.groups().stream().allMatch(AgentStatus::joined));
  }

  private void rekey(AgentProcess agent) throws IOException, InterruptedException {
    List<AgentStatus> before = agent.groups();
    fleet.gcks().rekey(FleetOptions.GROUP);
    fleet.gcks().rekey(FleetOptions.BROKER_GROUP);
    Await.until(
        () -> agent.name() + " follows a rekey of each group, " + before + " -> " + last,
        PATIENCE,
        () -> newerSas(agent.groups(), before));
  }

  /** By a rekey, or by a registration if the rekey was lost. */
  private boolean newerSas(List<AgentStatus> now, List<AgentStatus> before) {
    last = now;
    for (int i = 0; i < now.size(); i++) {
      if (!now.get(i).joined() || now.get(i).rekeySpi().equals(before.get(i).rekeySpi())) {
        return false;
      }
    }
    return true;
  }

  private void data(AgentProcess sender, AgentProcess reader)
      throws IOException, InterruptedException {
    Await.until(
        () -> "both have the same keys",
        PATIENCE,
        () -> {
          KeysInUse newest = fleet.gcks().keysInUse();
          return sender.keysInUse().equals(newest) && reader.keysInUse().equals(newest);
        });
    for (int i = 0; i < DATAGRAMS; i++) {
      sender.traffic().send(i);
    }
    Await.until(
        () -> "the reader opens what the sender sealed",
        PATIENCE,
        () -> reader.traffic().readBetween(0, DATAGRAMS) == DATAGRAMS);
  }

  static void require(String printed, String part) throws IOException {
    if (!printed.contains(part)) {
      throw new IOException("no \"" + part + "\" in:\n" + printed);
    }
  }
}
