package org.keyfleet.benchmarks.fleet;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** keyfleet-gcks as a process: its configuration, its life, and what its admin socket says. */
public final class GcksProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);

  private final Launcher launcher;
  private final Path directory;
  private final Map<String, String> environment;
  private @Nullable Daemon daemon;

  GcksProcess(
      Launcher launcher, Path directory, Map<String, String> environment, String configuration)
      throws IOException {
    this.launcher = launcher;
    this.directory = Files.createDirectories(directory);
    this.environment = environment;
    Files.writeString(configurationFile(), configuration);
  }

  Path configurationFile() {
    return directory.resolve("gcks.toml");
  }

  Path caFile() {
    return directory.resolve("ca.cert.pem");
  }

  /** Makes CA, custody and certificate. */
  void initialize() throws IOException, InterruptedException {
    run("init", "--config", configurationFile().toString());
  }

  /** Turns a device's request into its certificate. */
  void enroll(Path request, Path certificate) throws IOException, InterruptedException {
    run(
        "member",
        "enroll",
        "--config",
        configurationFile().toString(),
        "--csr",
        request.toString(),
        "--out",
        certificate.toString());
  }

  public void start() throws IOException, InterruptedException {
    Daemon started =
        Daemon.start(
            "gcks",
            launcher.gcks("serve", "--config", configurationFile().toString()),
            environment,
            directory.resolve("log"));
    daemon = started;
    Await.until(
        () -> "the server answers\n" + started.tail(),
        START,
        () -> {
          if (!started.alive()) {
            throw new IOException("keyfleet-gcks ended:\n" + started.tail());
          }
          return Control.answers(socket());
        });
  }

  public Daemon daemon() {
    if (daemon == null) {
      throw new IllegalStateException("the server was not started");
    }
    return daemon;
  }

  /** What it answers to {@code request} at its admin socket. */
  public JsonObject ask(JsonObject request) throws IOException {
    return Control.ask(socket(), request);
  }

  /** Registered members of the group. */
  public int members() throws IOException {
    JsonArray groups = Control.ask(socket(), Control.request("status")).getArray("groups");
    return groups.getObject(0).getInt("members");
  }

  /** The SPI of the group's Rekey SA, in hex. */
  public String rekeySpi() throws IOException {
    return keysInUse().rekeySpi();
  }

  /** The SAs of its first group. */
  public KeysInUse keysInUse() throws IOException {
    JsonArray groups = Control.ask(socket(), Control.request("status")).getArray("groups");
    return KeysInUse.ofServer(groups.getObject(0));
  }

  /** Takes a member out. */
  public void evict(String member) throws IOException {
    JsonObject request = Control.request("evict");
    request.put("group", FleetOptions.GROUP);
    request.put("member", member);
    Control.ask(socket(), request);
  }

  /** Lets a member in again that was taken out. */
  public void admit(String member) throws IOException {
    JsonObject request = Control.request("member-add");
    request.put("group", FleetOptions.GROUP);
    request.put("member", member);
    Control.ask(socket(), request);
  }

  /** Replaces the group's keys. */
  public void rekey() throws IOException {
    rekey(FleetOptions.GROUP);
  }

  /** Replaces the keys of one of the groups. */
  public void rekey(String group) throws IOException {
    JsonObject request = Control.request("rekey");
    request.put("group", group);
    Control.ask(socket(), request);
  }

  /** The rekey messages sent so far: spi, messageId, octets, wraps, reason. */
  public JsonArray rekeys() throws IOException {
    JsonObject request = Control.request("log");
    request.put("group", FleetOptions.GROUP);
    return Control.ask(socket(), request).getArray("rekeys");
  }

  @Override
  public void close() {
    if (daemon != null) {
      daemon.close();
    }
  }

  private Path socket() {
    return directory.resolve("admin.sock");
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    List<String> command = launcher.gcks(arguments);
    Path log = directory.resolve("init.log");
    if (Daemon.run("gcks", command, environment, log) != 0) {
      throw new IOException("keyfleet-gcks " + arguments[0] + " failed:\n" + Files.readString(log));
    }
  }
}
