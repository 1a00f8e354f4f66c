package org.keyfleet.benchmarks.kill;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What all kills came to. */
final class KillReport {
  private final String token;
  private final long seed;
  private final long windowNanos;
  private final List<Restart> restarts = new ArrayList<>();
  private final List<String> wrongAtEnd = new ArrayList<>();
  private int orphansDestroyed;

  KillReport(String token, long seed, long windowNanos) {
    this.token = token;
    this.seed = seed;
    this.windowNanos = windowNanos;
  }

  void add(Restart restart) {
    restarts.add(restart);
  }

  void atEnd(List<String> faults) {
    wrongAtEnd.addAll(faults);
  }

  void orphansDestroyed(int objects) {
    orphansDestroyed = objects;
  }

  boolean ok() {
    return wrongAtEnd.isEmpty()
        && restarts.stream().allMatch(restart -> restart.faults().isEmpty());
  }

  String line() {
    return clean()
        + " clean restarts, "
        + orphans()
        + " orphan objects, "
        + accepted()
        + " times an old epoch accepted, "
        + lost()
        + " memberships lost";
  }

  private long clean() {
    return count(restart -> restart.faults().isEmpty());
  }

  private int orphans() {
    return restarts.stream().mapToInt(Restart::orphanCount).sum() + wrongAtEnd.size();
  }

  private long accepted() {
    return count(Restart::acceptedOld);
  }

  private long lost() {
    return count(Restart::lost);
  }

  private long count(Predicate<Restart> what) {
    return restarts.stream().filter(what).count();
  }

  private long kills(Predicate<Kill> which) {
    return restarts.stream().flatMap(restart -> restart.kills().stream()).filter(which).count();
  }

  private int replayed() {
    return restarts.stream().mapToInt(Restart::replayed).sum();
  }

  private List<Long> backMillis() {
    return restarts.stream().map(Restart::backMillis).sorted().toList();
  }

  void print(PrintStream out) {
    long inRekey = kills(kill -> kill.moment() == Moment.REKEY);
    long inStart = kills(kill -> kill.moment() == Moment.START);
    List<Long> back = backMillis();
    out.printf("token %s, seed %d%n", token, seed);
    out.printf(
        "%5d kills in a rekey, 0 to %.1f ms after its message was on the wire; %d before the new keys were in the journal, %d after%n",
        inRekey,
        windowNanos / 1e6,
        kills(kill -> kill.moment() == Moment.REKEY && !kill.inJournal()),
        kills(kill -> kill.moment() == Moment.REKEY && kill.inJournal()));
    out.printf("%5d kills more in the start that followed%n", inStart);
    out.printf("%5d of %d restarts clean%n", clean(), restarts.size());
    out.printf(
        "%5d objects in the token that the journal does not name, after a start (%d found by starts and destroyed)%n",
        orphans(), orphansDestroyed);
    out.printf(
        "%5d times data or rekeys of an old epoch were accepted (%d old datagrams replayed)%n",
        accepted(), replayed());
    out.printf("%5d memberships lost: the server had to admit the member again%n", lost());
    if (!back.isEmpty()) {
      out.printf(
          "      back with the newest keys after %d ms (median), %d ms (slowest)%n",
          back.get(back.size() / 2), back.get(back.size() - 1));
    }
    wrongAtEnd.forEach(fault -> out.println("      " + fault));
    out.println(ok() ? "as it should be" : "NOT AS IT SHOULD BE");
  }

  JsonObject json() {
    JsonArray list = new JsonArray();
    restarts.forEach(restart -> list.add(restart.json()));
    JsonObject json = new JsonObject();
    json.put("token", token);
    json.put("seed", seed);
    json.put("killsInRekey", kills(kill -> kill.moment() == Moment.REKEY));
    json.put("killsInStart", kills(kill -> kill.moment() == Moment.START));
    json.put("windowMicros", windowNanos / 1000);
    json.put("restarts", restarts.size());
    json.put("cleanRestarts", clean());
    json.put("orphansAfterStart", orphans());
    json.put("orphansDestroyedByStarts", orphansDestroyed);
    json.put("oldEpochsAccepted", accepted());
    json.put("oldDatagramsReplayed", replayed());
    json.put("membershipsLost", lost());
    json.put("ok", ok());
    json.put("each", list);
    return json;
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JsonWriter.indent("  ").string().value(json()).done() + "\n");
  }
}
