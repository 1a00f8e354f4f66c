package org.keyfleet.benchmarks.fleet;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The SAs of one group as its server or an agent tells them. A rekey brings the Rekey SA and the
 * data SAs in two messages: an agent is current when it has both, and none besides.
 *
 * @param rekeySpi in hex; empty when there is none
 * @param dataSpis in hex
 */
public record KeysInUse(String rekeySpi, SortedSet<String> dataSpis) {
  public KeysInUse {
    dataSpis = Collections.unmodifiableSortedSet(new TreeSet<>(dataSpis));
  }

  static KeysInUse ofServer(JsonObject group) {
    return new KeysInUse(group.getObject("rekeySa").getString("spi"), dataSpis(group));
  }

  static KeysInUse ofAgent(JsonObject group) {
    return new KeysInUse(group.getString("rekeySpi", ""), dataSpis(group));
  }

  private static SortedSet<String> dataSpis(JsonObject group) {
    JsonArray dataSas = group.getArray("dataSas", new JsonArray());
    SortedSet<String> spis = new TreeSet<>();
    for (int i = 0; i < dataSas.size(); i++) {
      spis.add(dataSas.getObject(i).getString("spi"));
    }
    return spis;
  }
}
