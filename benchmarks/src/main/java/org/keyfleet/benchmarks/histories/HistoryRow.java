package org.keyfleet.benchmarks.histories;

import com.grack.nanojson.JsonObject;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.keytree.histories.AccessBroken;
import org.keyfleet.protocol.keytree.histories.HistoryAlgorithm;
import org.keyfleet.protocol.keytree.histories.Tally;

/**
 * One algorithm's history.
 *
 * @param tally what was in it; null when it ended early
 * @param broken who reached what; null when nobody did
 */
record HistoryRow(
    HistoryAlgorithm algorithm, @Nullable Tally tally, @Nullable String broken, double seconds) {
  static final String HEADER =
      String.format(
          "%-6s %9s %9s %9s %9s %9s %9s %10s %5s %8s",
          "",
          "events",
          "joined",
          "evicted",
          "batches",
          "refreshed",
          "hosts",
          "keys",
          "most",
          "seconds");

  static HistoryRow play(HistoryAlgorithm algorithm, long events, long seed) {
    long start = System.nanoTime();
    try {
      Tally tally = algorithm.play(events, seed);
      return new HistoryRow(algorithm, tally, null, since(start));
    } catch (AccessBroken e) {
      return new HistoryRow(algorithm, null, e.getMessage(), since(start));
    }
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.put("algorithm", algorithm.name());
    json.put("seconds", seconds);
    if (tally == null) {
      json.put("broken", broken);
      return json;
    }
    json.put("events", tally.events());
    json.put("joined", tally.joined());
    json.put("evicted", tally.evicted());
    json.put("batches", tally.batches());
    json.put("refreshed", tally.refreshed());
    json.put("hosts", tally.hosts());
    json.put("keys", tally.keys());
    json.put("most", tally.most());
    return json;
  }

  /** A line under {@link #HEADER}. */
  @Override
  public String toString() {
    if (tally == null) {
      return String.format("%-6s BROKEN %s", algorithm, broken);
    }
    return String.format(
        "%-6s %9d %9d %9d %9d %9d %9d %10d %5d %8.1f",
        algorithm,
        tally.events(),
        tally.joined(),
        tally.evicted(),
        tally.batches(),
        tally.refreshed(),
        tally.hosts(),
        tally.keys(),
        tally.most(),
        seconds);
  }
}
