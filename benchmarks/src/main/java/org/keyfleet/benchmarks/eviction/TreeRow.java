package org.keyfleet.benchmarks.eviction;

import com.grack.nanojson.JsonObject;

/**
 * One eviction from a full tree.
 *
 * @param members leaves of the full tree
 * @param wraps wrapped keys in the message that changes the tree, those of the SA key among them
 * @param octets of that message as one datagram, signature and all
 * @param micros server time for both messages of the eviction, median
 * @param floorMicros their wraps and their two signatures, timed alone in the same run
 * @param wrapsOf1000 wraps of 1,000 evictions at random places in one batch; -1 where fewer members
 *     are
 * @param heapOctets of the server's tree, a member
 */
record TreeRow(
    String method,
    int members,
    int wraps,
    int octets,
    double micros,
    double floorMicros,
    int wrapsOf1000,
    double heapOctets) {
  double ratio() {
    return micros / floorMicros;
  }

  JsonObject toJson() {
    JsonObject row = new JsonObject();
    row.put("method", method);
    row.put("members", members);
    row.put("wraps", wraps);
    row.put("octets", octets);
    row.put("serverMicros", micros);
    row.put("floorMicros", floorMicros);
    row.put("ratio", ratio());
    row.put("wrapsOf1000", wrapsOf1000);
    row.put("heapOctetsPerMember", heapOctets);
    return row;
  }
}
