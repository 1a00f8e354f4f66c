package org.keyfleet.benchmarks.member;

import com.grack.nanojson.JsonObject;

/**
 * What a token does for one rekey.
 *
 * @param unwraps keys that stay inside, the releaser of the Rekey SA's keys among them
 * @param derivations of one-way function chains
 * @param releases to the host
 */
record TokenWork(int unwraps, int derivations, int releases) {
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.put("unwraps", unwraps);
    json.put("derivations", derivations);
    json.put("releases", releases);
    return json;
  }
}
