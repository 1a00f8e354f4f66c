package org.keyfleet.benchmarks.kill;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.Await;
import org.keyfleet.benchmarks.fleet.Control;
import org.keyfleet.benchmarks.fleet.Fleet;
import org.keyfleet.benchmarks.fleet.FleetOptions;
import org.keyfleet.benchmarks.fleet.Launcher;
import org.keyfleet.benchmarks.fleet.TokenKind;

/**
 * Server and three members: the one that is killed, one that sends, one that comes and goes. What
 * they are and how far they are comes from their control sockets.
 */
final class KillGroup implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Fleet fleet;
  private final AgentProcess sender;
  private final AgentProcess guest;
  private final AgentProcess victim;
  private final List<String> spisInOrder = new ArrayList<>();
  private boolean guestIsIn = true;

  private KillGroup(Fleet fleet) throws IOException, InterruptedException {
    this.fleet = fleet;
    this.sender = join("sender", true);
    this.victim = join("victim", false);
    this.guest = join("guest", false);
  }

  static KillGroup start(Path directory, TokenKind token) throws IOException, InterruptedException {
    Launcher launcher = Launcher.plain(directory.resolve("no-trimmed-runtime"));
    Fleet fleet = Fleet.start(new FleetOptions(directory, "strict", token, null), launcher);
    boolean done = false;
    try {
      KillGroup group = new KillGroup(fleet);
      group.awaitCurrent(group.victim);
      done = true;
      return group;
    } finally {
      if (!done) {
        fleet.close();
      }
    }
  }

  private AgentProcess join(String name, boolean sends) throws IOException, InterruptedException {
    AgentProcess agent = fleet.add(name, "multicast", sends);
    agent.start();
    Await.until(
        () -> name + " is a member\n" + agent.daemon().tail(),
        PATIENCE,
        () -> agent.status().joined());
    return agent;
  }

  Fleet fleet() {
    return fleet;
  }

  AgentProcess victim() {
    return victim;
  }

  AgentProcess sender() {
    return sender;
  }

  List<String> spisInOrder() {
    return spisInOrder;
  }

  /** Makes the server rekey, in one of the ways in which it happens; gives its name. */
  String rekey(int round) throws IOException {
    if (round % 4 == 3) {
      guestIsIn = !guestIsIn;
      if (guestIsIn) {
        fleet.gcks().admit(guest.name() + FleetOptions.DOMAIN);
        JsonObject request = Control.request("join");
        request.put("group", FleetOptions.GROUP);
        guest.ask(request);
        return "join";
      }
      fleet.gcks().evict(guest.name() + FleetOptions.DOMAIN);
      return "eviction";
    }
    fleet.gcks().rekey();
    return "rekey";
  }

  /** Until nothing that was asked for is still to come, and all who are in have the newest keys. */
  void settle() throws IOException, InterruptedException {
    Await.until(
        () -> "the guest is " + (guestIsIn ? "in" : "out") + "\n" + guest.daemon().tail(),
        PATIENCE,
        () -> guest.status().joined() == guestIsIn);
    awaitCurrent(sender);
    if (guestIsIn) {
      awaitCurrent(guest);
    }
  }

  /** Until {@code agent} has the server's Rekey SA, its last message, and its data SAs. */
  void awaitCurrent(AgentProcess agent) throws IOException, InterruptedException {
    Await.until(
        () -> agent.name() + " has the newest keys\n" + agent.daemon().tail(),
        PATIENCE,
        () -> current(agent));
  }

  boolean current(AgentProcess agent) throws IOException {
    JsonObject server = fleet.gcks().ask(Control.request("status")).getArray("groups").getObject(0);
    JsonObject rekeySa = server.getObject("rekeySa");
    Place newest = new Place(rekeySa.getString("spi"), rekeySa.getLong("nextMessageId") - 1);
    if (!spisInOrder.contains(newest.rekeySpi())) {
      spisInOrder.add(newest.rekeySpi());
    }
    if (!agent.status().joined() || !place(agent).equals(newest)) {
      return false;
    }
    return agent.keysInUse().equals(fleet.gcks().keysInUse());
  }

  /** How far {@code agent} is; {@link Place#NONE} while it does not answer. */
  static Place place(AgentProcess agent) {
    try {
      JsonObject group = group(agent);
      return new Place(group.getString("rekeySpi", ""), group.getLong("lastMessageId", -1));
    } catch (IOException e) {
      return Place.NONE;
    }
  }

  static JsonObject group(AgentProcess agent) throws IOException {
    return agent.ask(Control.request("status")).getArray("groups").getObject(0);
  }

  /** When the server admitted the victim last, by the server's own book. */
  long admittedMillis() throws IOException {
    JsonObject request = Control.request("members");
    request.put("group", FleetOptions.GROUP);
    JsonArray members = fleet.gcks().ask(request).getArray("members");
    for (int i = 0; i < members.size(); i++) {
      JsonObject member = members.getObject(i);
      if (member.getString("id").contains(victim.name() + FleetOptions.DOMAIN)) {
        return member.getLong("registeredMillis");
      }
    }
    throw new IOException("the server has no member " + victim.name());
  }

  Path journal() {
    return victim.directory().resolve("state").resolve(FleetOptions.GROUP + ".journal");
  }

  /**
   * Whether the journal names the server's newest Rekey SA more often than {@code before}. That it
   * has changed says less, since it also keeps what was received; and the SA before may have
   * announced this one (GSA_NEXT_SPI).
   *
   * @param before the journal in hex
   */
  boolean newestIsInJournal(String before) throws IOException {
    String newest = fleet.gcks().rekeySpi();
    return count(newest, journalHex()) > count(newest, before);
  }

  String journalHex() throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(journal()));
  }

  private static int count(String what, String in) {
    return in.split(what, -1).length - 1;
  }

  String log() throws IOException {
    return Files.readString(victim.directory().resolve("log"));
  }

  @Override
  public void close() throws IOException {
    fleet.close();
  }
}
