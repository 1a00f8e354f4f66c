package org.keyfleet.benchmarks.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A few kills, with real processes; {@code ./keyfleet bench kill} does 200. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class KillBenchTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void aKilledAgentWithSoftHsmLosesNothing() throws Exception {
    assertLosesNothing("softhsm", 4);
  }

  @Test
  @Tag("interop")
  void aKilledAgentWithACardLosesNothing() throws Exception {
    assertLosesNothing("card", 2);
  }

  private void assertLosesNothing(String token, int kills) throws Exception {
    Path json = directory.resolve(token + ".json");
    String[] arguments = {
      "--token", token, "--kills", Integer.toString(kills), "--json", json.toString()
    };
    assertEquals(0, KillBench.execute(arguments));
    JsonObject report = JsonParser.object().from(Files.readString(json));
    assertTrue(report.getBoolean("ok"));
    assertEquals(kills, report.getInt("killsInRekey"));
    assertEquals(kills, report.getInt("cleanRestarts"));
    assertTrue(report.getInt("oldDatagramsReplayed") > 0, "old data was offered to it");
    for (String zero : new String[] {"orphansAfterStart", "oldEpochsAccepted", "membershipsLost"}) {
      assertEquals(0, report.getInt(zero, -1), zero);
    }
  }

  @Test
  void wrongArgumentsAreUsage() throws Exception {
    assertEquals(2, KillBench.execute(new String[] {"--token", "none"}));
    assertEquals(2, KillBench.execute(new String[] {"--kills", "0"}));
    assertEquals(2, KillBench.execute(new String[] {"--kils", "1"}));
  }
}
