package org.keyfleet.benchmarks.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the figures is a count and not a time. */
class MemberBenchTest {
  private static final int HEIGHT = 6;

  @Test
  void aMemberAsksItsTokenForNoMoreThanItsPath(@TempDir Path directory) throws Exception {
    Path json = directory.resolve("member.json");
    assertEquals(
        0,
        MemberBench.execute(
            "--heights",
            Integer.toString(HEIGHT),
            "--rounds",
            "3",
            "--token",
            "soft,softhsm",
            "--json",
            json.toString()));
    JsonObject report = JsonParser.object().from(Files.readString(json));
    for (String token : new String[] {"soft", "softhsm"}) {
      JsonArray rows = report.getArray(token);
      assertEquals(2, rows.size(), token);
      for (int i = 0; i < rows.size(); i++) {
        require(rows.getObject(i));
      }
    }
  }

  private static void require(JsonObject row) {
    JsonObject work = row.getObject("token");
    boolean chains = row.getString("method").equals("OFC");
    // the keys above its own leaf; the last of them as the one that releases
    assertEquals(chains ? 0 : HEIGHT - 1, work.getInt("unwraps"), row.toString());
    assertEquals(chains ? HEIGHT - 1 : 0, work.getInt("derivations"), row.toString());
    assertEquals(1, work.getInt("releases"), row.toString());
    assertTrue(row.getDouble("memberMicros") > 0, row.toString());
  }

  @Test
  void wrongArgumentsAreUsage() throws Exception {
    assertEquals(2, MemberBench.execute("--heights", "21"));
    assertEquals(2, MemberBench.execute("--rounds", "1"));
    assertEquals(2, MemberBench.execute("--token", "abacus"));
  }
}
