package org.keyfleet.benchmarks.kill;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the victim when it is back: its membership, its token, its faults. */
final class Inspection {
  private static final Pattern DESTROYED =
      Pattern.compile("destroyed ([0-9]+) keys in the token that no journal names");

  private static final Pattern DOUBT = Pattern.compile("WARNING: .*; registering anew");

  /**
   * Longer than a registration that nothing takes back is put off (registration-spread-seconds).
   */
  private static final Duration SPREAD = Duration.ofSeconds(15);

  private final KillGroup group;
  private final Inventory inventory;
  private long admitted;
  private int doubts;

  Inspection(KillGroup group, Outsider outsider) throws IOException {
    this.group = group;
    this.admitted = group.admittedMillis();
    this.inventory = new Inventory(group.victim(), outsider);
  }

  void look(Restart restart) throws IOException, InterruptedException {
    JsonObject status = KillGroup.group(group.victim());
    long registeredMillis = status.getLong("registeredMillis", 0);
    if (registeredMillis >= 0) {
      restart.lost("it registered in " + registeredMillis + " ms");
    }
    if (status.getLong("faults", 0) > 0) {
      restart.fault(status.getLong("faults", 0) + " faults of its own");
    }
    if (status.has("trouble")) {
      restart.fault("trouble: " + status.getString("trouble"));
    }
    restart.orphans(inventory.faults());
  }

  /**
   * Whether the victim had to be admitted again since the last look. A doubt of its own may be gone
   * again, since a message that comes after it takes it back: then it is waited for what becomes of
   * it, with no rekey meanwhile that could help.
   */
  void requireNoAdmission(Restart restart) throws IOException, InterruptedException {
    String doubts = doubts();
    if (!doubts.isEmpty()) {
      long end = System.nanoTime() + SPREAD.toNanos();
      while (group.admittedMillis() == admitted && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
    long now = group.admittedMillis();
    if (now != admitted) {
      admitted = now;
      restart.lost("the server admitted it again" + doubts);
    }
  }

  /** What it said since the last look of rekeys that it may have lost. */
  private String doubts() throws IOException {
    Matcher matcher = DOUBT.matcher(group.log());
    StringBuilder fresh = new StringBuilder();
    int found = 0;
    while (matcher.find()) {
      found++;
      if (found > doubts) {
        fresh.append("; ").append(matcher.group());
      }
    }
    doubts = found;
    return fresh.toString();
  }

  /** Ends the victim in order, and looks at its token with another process. */
  List<String> atEnd() throws IOException, InterruptedException {
    group.victim().daemon().close();
    return inventory.faultsOfStopped();
  }

  /** Objects that its starts found without a name in the journal, and destroyed. */
  int orphansDestroyed() throws IOException {
    int count = 0;
    Matcher matcher = DESTROYED.matcher(group.log());
    while (matcher.find()) {
      count += Integer.parseInt(matcher.group(1));
    }
    return count;
  }
}
