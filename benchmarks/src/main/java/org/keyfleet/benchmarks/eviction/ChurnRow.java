package org.keyfleet.benchmarks.eviction;

import com.grack.nanojson.JsonObject;

/**
 * Who comes, in one rekey. With backward access control.
 *
 * @param members leaves of the full tree
 * @param joinWraps wrapped keys when one member takes the last free leaf
 * @param swapped members taken out and as many let in, on their leaves: 0.5 % each
 * @param churnWraps wrapped keys of that change
 */
record ChurnRow(String method, int members, int joinWraps, int swapped, int churnWraps) {
  JsonObject toJson() {
    JsonObject row = new JsonObject();
    row.put("method", method);
    row.put("members", members);
    row.put("joinWraps", joinWraps);
    row.put("swapped", swapped);
    row.put("churnWraps", churnWraps);
    return row;
  }
}
