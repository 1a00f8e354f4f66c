package org.keyfleet.benchmarks.kill;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What happened to the victim in one rekey: kills, and what it was like when it was back. */
final class Restart {
  private final List<Kill> kills = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> orphans = new ArrayList<>();
  private long backNanos = -1;
  private int replayed;
  private int accepted;
  private boolean wentBack;
  private boolean lost;
  private boolean placed;

  void killed(Kill kill) {
    kills.add(kill);
  }

  /** Something is not as it must be. */
  void fault(String what) {
    faults.add(what);
  }

  void orphans(List<String> found) {
    orphans.addAll(found);
    faults.addAll(found);
  }

  /** The server had to admit it again. */
  void lost(String how) {
    lost = true;
    faults.add("membership lost: " + how);
  }

  void backAfter(long nanos) {
    backNanos = nanos;
  }

  /**
   * It is at {@code now}, and was at {@code last} before it was killed. The first place is that of
   * the journal: where the journal had the new keys already, it must be a later one.
   */
  void seenAt(Place now, Place last, List<String> spisInOrder) {
    if (now.rekeySpi().isEmpty()) {
      return;
    }
    boolean first = !placed;
    placed = true;
    boolean journalIsAhead = kills.get(kills.size() - 1).inJournal();
    if (now.before(last, spisInOrder) || (first && journalIsAhead && now.equals(last))) {
      wentBack(last, now);
    }
  }

  void wentBack(Place from, Place to) {
    wentBack = true;
    faults.add("went from " + from + " to " + to);
  }

  void replayed(int datagrams) {
    replayed = datagrams;
  }

  void accepted(int datagrams) {
    accepted = datagrams;
    if (datagrams > 0) {
      faults.add("read " + datagrams + " datagrams of an old epoch");
    }
  }

  List<Kill> kills() {
    return kills;
  }

  List<String> faults() {
    return faults;
  }

  int orphanCount() {
    return orphans.size();
  }

  long backMillis() {
    return backNanos / 1_000_000;
  }

  int replayed() {
    return replayed;
  }

  /** Old data that was read, or an old rekey that was followed. */
  boolean acceptedOld() {
    return accepted > 0 || wentBack;
  }

  boolean lost() {
    return lost;
  }

  JsonObject json() {
    JsonArray list = new JsonArray();
    kills.forEach(kill -> list.add(kill.json()));
    JsonArray wrong = new JsonArray();
    wrong.addAll(faults);
    JsonObject json = new JsonObject();
    json.put("kills", list);
    json.put("backMillis", backMillis());
    json.put("oldDatagramsReplayed", replayed);
    json.put("faults", wrong);
    return json;
  }
}
