package org.keyfleet.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.AgentStatus;
import org.keyfleet.benchmarks.fleet.Await;
import org.keyfleet.benchmarks.fleet.Daemon;
import org.keyfleet.benchmarks.fleet.Fleet;
import org.keyfleet.benchmarks.fleet.FleetOptions;

/**
 * Starts the agent with plain MQTT, the agent with MQTT over TLS and the bare program in turn, so
 * that what else the machine does falls on all. Each start of an agent registers anew: its state is
 * deleted before.
 */
final class Comparison {
  private static final String AGENT = "org.keyfleet.agent.cli.Main";
  private static final String ARENAS = "MALLOC_ARENA_MAX";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long LOOK_MILLIS = 500;

  private final DeviceRuntime runtime;
  private final Fleet plainFleet;
  private final Fleet tlsFleet;
  private final Path classes;
  private final int idleSeconds;
  private final List<Sample> plain = new ArrayList<>();
  private final List<Sample> tls = new ArrayList<>();
  private final List<Sample> floors = new ArrayList<>();

  Comparison(
      DeviceRuntime runtime, Fleet plainFleet, Fleet tlsFleet, Path classes, int idleSeconds) {
    this.runtime = runtime;
    this.plainFleet = plainFleet;
    this.tlsFleet = tlsFleet;
    this.classes = classes;
    this.idleSeconds = idleSeconds;
  }

  void run(int starts) throws IOException, InterruptedException {
    AgentProcess plainAgent = plainFleet.add("device", "multicast", false);
    AgentProcess tlsAgent = tlsFleet.add("device", "multicast", false);
    for (int i = 0; i < starts; i++) {
      deleteState(tlsAgent);
      tls.add(agent(tlsFleet, tlsAgent));
      tlsAgent.daemon().close();
      deleteState(plainAgent);
      plain.add(agent(plainFleet, plainAgent));
      List<String> command =
          CommandLines.like(plainAgent.daemon().pid(), AGENT, Hello.class.getName(), classes);
      String arenas = CommandLines.environment(plainAgent.daemon().pid(), ARENAS);
      plainAgent.daemon().close();
      floors.add(floor(command, arenas));
    }
  }

  FootprintReport report() throws IOException {
    return FootprintReport.of(runtime, plain, tls, floors, idleSeconds);
  }

  private Sample agent(Fleet fleet, AgentProcess agent) throws IOException, InterruptedException {
    Path log = agent.directory().resolve("log");
    long logStart = Files.exists(log) ? Files.size(log) : 0;
    long start = System.nanoTime();
    agent.start();
    Watched watched = new Watched(agent.daemon(), log, logStart, start);
    long ready = watched.millisUntil("ready");
    long multicast = watched.millisUntil("group " + FleetOptions.GROUP + ":", "-> member");
    long joined = watched.millisUntil("group " + FleetOptions.BROKER_GROUP + ":", "-> member");
    long cpu = watched.cpuMillis();
    runtime.requireArchiveIn(watched.pid());
    rekey(fleet, agent);
    TimeUnit.SECONDS.sleep(idleSeconds);
    return new Sample(Resident.of(watched.pid()), ready, multicast, joined, cpu);
  }

  /** Replaces the keys of both groups and waits until the agent has followed. */
  private void rekey(Fleet fleet, AgentProcess agent) throws IOException, InterruptedException {
    fleet.gcks().rekey(FleetOptions.GROUP);
    fleet.gcks().rekey(FleetOptions.BROKER_GROUP);
    // few questions: each costs the agent memory that an idle one does not need
    Await.until(
        () -> "the agent follows a rekey of each group",
        PATIENCE,
        () -> {
          pause();
          return agent.groups().stream().allMatch(Comparison::rekeyed);
        });
  }

  private static boolean rekeyed(AgentStatus group) {
    return group.joined() && group.rekeysApplied() > 0;
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Sample floor(List<String> command, String arenas)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("keyfleet-hello", ".log");
    long start = System.nanoTime();
    try (Daemon daemon = Daemon.start("hello", command, Map.of(ARENAS, arenas), log)) {
      Watched watched = new Watched(daemon, log, 0, start);
      long ready = watched.millisUntil("Hello, world");
      long cpu = watched.cpuMillis();
      runtime.requireArchiveIn(watched.pid());
      TimeUnit.SECONDS.sleep(idleSeconds);
      return new Sample(Resident.of(watched.pid()), ready, ready, ready, cpu);
    } finally {
      Files.delete(log);
    }
  }

  private static void deleteState(AgentProcess agent) throws IOException {
    Path state = agent.directory().resolve("state");
    if (Files.notExists(state)) {
      return;
    }
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
