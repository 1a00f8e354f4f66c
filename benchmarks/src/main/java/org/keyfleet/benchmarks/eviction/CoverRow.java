package org.keyfleet.benchmarks.eviction;

import com.grack.nanojson.JsonObject;

/**
 * A stateless algorithm with some members revoked.
 *
 * @param subsets of the cover, mean: as many SA_KEYs has each message
 * @param micros to compute the cover, median
 * @param heldKeys labels or keys that a member holds
 */
record CoverRow(
    String method, int members, int revoked, double subsets, double micros, int heldKeys) {
  JsonObject toJson() {
    JsonObject row = new JsonObject();
    row.put("method", method);
    row.put("members", members);
    row.put("revoked", revoked);
    row.put("subsets", subsets);
    row.put("coverMicros", micros);
    row.put("heldKeys", heldKeys);
    return row;
  }
}
