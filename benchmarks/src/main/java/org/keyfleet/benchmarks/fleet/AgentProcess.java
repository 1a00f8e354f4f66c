package org.keyfleet.benchmarks.fleet;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** keyfleet-agent as a process with a token of its own, and the application beside it. */
public final class AgentProcess implements AutoCloseable {
  private static final String PAUSE = "KEYFLEET_INSECURE_TEST_PAUSE_IN_REKEY_MILLIS";

  private static final String PAUSED = "pausing between token and journal";

  private final String name;
  private final String transport;
  private final Launcher launcher;
  private final Path directory;
  private final Map<String, String> environment;
  private final Traffic traffic;
  private @Nullable Daemon daemon;
  private AgentStatus last = AgentStatus.absent("-");

  AgentProcess(
      String name,
      String transport,
      Launcher launcher,
      Path directory,
      Map<String, String> environment,
      Traffic traffic) {
    this.name = name;
    this.transport = transport;
    this.launcher = launcher;
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.traffic = traffic;
  }

  public String name() {
    return name;
  }

  public String transport() {
    return transport;
  }

  public Traffic traffic() {
    return traffic;
  }

  public Path directory() {
    return directory;
  }

  public Daemon daemon() {
    if (daemon == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return daemon;
  }

  /** Makes token, identity key and certification request. */
  Path initialize() throws IOException, InterruptedException {
    Path request = directory.resolve("device.csr.pem");
    Path log = directory.resolve("init.log");
    List<String> command =
        launcher.agent(
            "init", "--config", configurationFile().toString(), "--csr", request.toString());
    if (Daemon.run(name, command, environment, log) != 0) {
      throw new IOException(
          "keyfleet-agent init of " + name + " failed:\n" + Files.readString(log));
    }
    return request;
  }

  /** Runs one of its other commands to the end and gives what it printed. */
  public String command(String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", configurationFile().toString()));
    Path log = Files.createTempFile(directory, "command", ".log");
    int exit = Daemon.run(name, launcher.agent(all.toArray(String[]::new)), environment, log);
    String printed = Files.readString(log);
    if (exit != 0) {
      throw new IOException("keyfleet-agent " + List.of(words) + " failed:\n" + printed);
    }
    return printed;
  }

  Path configurationFile() {
    return directory.resolve("agent.toml");
  }

  public void start() throws IOException {
    start(Map.of());
  }

  /**
   * Starts it so that each rekey stops for some time between the token's work and the journal's.
   */
  public void startPausingInRekey(long millis) throws IOException {
    start(Map.of(PAUSE, Long.toString(millis)));
  }

  /** Starts it with more in its environment. */
  void start(Map<String, String> more) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    daemon =
        Daemon.start(
            name,
            launcher.agent("run", "--config", configurationFile().toString()),
            all,
            directory.resolve("log"));
  }

  /**
   * Its one group as {@code keyfleet-agent status --json} shows it; empty while it does not answer.
   */
  public AgentStatus status() {
    last = now().after(last);
    return last;
  }

  /** What it says of each of its groups, in the order of its configuration. */
  public List<AgentStatus> groups() throws IOException {
    JsonArray groups = ask(Control.request("status")).getArray("groups");
    List<AgentStatus> statuses = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      statuses.add(AgentStatus.ofGroup(groups.getObject(i)));
    }
    return statuses;
  }

  private AgentStatus now() {
    if (daemon == null || !daemon.alive()) {
      return AgentStatus.absent(daemon == null ? "-" : "STOPPED");
    }
    try {
      JsonObject answer = Control.ask(directory.resolve("control.sock"), Control.request("status"));
      return AgentStatus.of(answer);
    } catch (IOException e) {
      return AgentStatus.absent("STARTING");
    }
  }

  /** The SAs of its first group. */
  public KeysInUse keysInUse() throws IOException {
    return KeysInUse.ofAgent(ask(Control.request("keys")).getArray("groups").getObject(0));
  }

  /** What it answers to {@code request} at its control socket. */
  public JsonObject ask(JsonObject request) throws IOException {
    return Control.ask(directory.resolve("control.sock"), request);
  }

  /** Whether it stands still between the token's work and the journal's; its log says so. */
  public boolean paused() throws IOException {
    return Files.readString(directory.resolve("log")).contains(PAUSED);
  }

  @Override
  public void close() throws IOException {
    if (daemon != null) {
      daemon.close();
    }
    traffic.close();
  }
}
