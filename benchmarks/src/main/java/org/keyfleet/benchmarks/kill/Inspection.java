package org.keyfleet.benchmarks.kill;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the victim when it is back: its membership, its token, its faults. */
final class Inspection {
  private static final Pattern DESTROYED =
      Pattern.compile("destroyed ([0-9]+) keys in the token that no journal names");

  private final KillGroup group;
  private final Inventory inventory;

  Inspection(KillGroup group, Outsider outsider) {
    this.group = group;
    this.inventory = new Inventory(group.victim(), outsider);
  }

  /**
   * @param admitted when the server had admitted the victim last before the kill
   */
  void look(Restart restart, long admitted) throws IOException, InterruptedException {
    JsonObject status = KillGroup.group(group.victim());
    long registeredMillis = status.getLong("registeredMillis", 0);
    if (registeredMillis >= 0) {
      restart.lost("it registered in " + registeredMillis + " ms");
    }
    long now = group.admittedMillis();
    if (now != admitted) {
      restart.lost("the server admitted it again");
    }
    if (status.getLong("faults", 0) > 0) {
      restart.fault(status.getLong("faults", 0) + " faults of its own");
    }
    if (status.has("trouble")) {
      restart.fault("trouble: " + status.getString("trouble"));
    }
    restart.orphans(inventory.faults());
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
