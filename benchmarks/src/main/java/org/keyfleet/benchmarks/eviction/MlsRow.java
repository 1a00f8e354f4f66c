package org.keyfleet.benchmarks.eviction;

import com.grack.nanojson.JsonObject;

/**
 * One member removed from a group of MLS by a commit (RFC 9420 section 12.4).
 *
 * @param ciphertexts encrypted path secrets in the commit
 * @param octets of the commit, a PublicMessage signed with Ed25519
 * @param micros the committer's time, median
 */
record MlsRow(String method, int members, int ciphertexts, int octets, double micros) {
  JsonObject toJson() {
    JsonObject row = new JsonObject();
    row.put("method", method);
    row.put("members", members);
    row.put("ciphertexts", ciphertexts);
    row.put("octets", octets);
    row.put("committerMicros", micros);
    return row;
  }
}
