package org.keyfleet.benchmarks.histories;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoriesBenchTest {
  @Test
  void eachAlgorithmHasItsHistory(@TempDir Path directory) throws Exception {
    Path json = directory.resolve("histories.json");
    assertEquals(0, HistoriesBench.execute("--events", "500", "--json", json.toString()));
    JsonArray rows = JsonParser.object().from(Files.readString(json)).getArray("histories");
    assertEquals(6, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(500, rows.getObject(i).getInt("events"));
    }
  }

  @Test
  void someAlgorithmsOnly() throws Exception {
    assertEquals(0, HistoriesBench.execute("--events", "5", "--algorithms", "OFC_2,SD"));
  }

  @Test
  void wrongArgumentsAreUsage() throws Exception {
    assertEquals(2, HistoriesBench.execute("--events", "0"));
    assertEquals(2, HistoriesBench.execute("--algorithms", "LKH_5"));
  }
}
