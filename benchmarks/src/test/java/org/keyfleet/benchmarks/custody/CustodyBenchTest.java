package org.keyfleet.benchmarks.custody;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.testkit.SoftHsm;

/** Every operation of every back end is measured, and the C program makes the calls it should. */
class CustodyBenchTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void measuresEverythingOnce() throws Exception {
    SoftHsm.require();
    if (!Files.isExecutable(Path.of("/usr/bin/gcc"))) {
      System.err.println("SKIPPED: no gcc found; install gcc and libc6-dev to run this test");
      Assumptions.abort("gcc is not installed");
    }
    System.setProperty("keyfleet.root", Path.of("..").toAbsolutePath().normalize().toString());
    Path json = directory.resolve("custody.json");
    assertEquals(
        0,
        CustodyBench.execute(
            new String[] {
              "--rounds",
              "1",
              "--count",
              "20",
              "--json",
              json.toString(),
              "--token",
              "soft",
              "--token",
              "softhsm",
              "--token",
              "card",
              "--token",
              "tpm"
            }));
    JsonObject backEnds = JsonParser.object().from(Files.readString(json)).getObject("backEnds");
    assertEquals(Set.of("soft", "softhsm", "card", "tpm"), backEnds.keySet());
    for (Operation operation : Operation.values()) {
      assertMeasured(backEnds.getObject("soft"), "keyfleet", operation);
      assertMeasured(backEnds.getObject("card"), "keyfleet", operation);
      for (String column : new String[] {"keyfleet", "wrapper", "c"}) {
        assertMeasured(backEnds.getObject("softhsm"), column, operation);
      }
      double ratio =
          backEnds.getObject("softhsm").getObject("wrapperToC").getDouble(operation.key());
      assertTrue(ratio > 0.1 && ratio < 100, operation + " " + ratio);
    }
    assertEquals("IN_TOKEN", backEnds.getObject("card").getString("level"));
    assertRootedOrMissing(backEnds.getObject("tpm"));
  }

  /** A TPM signs; it agrees on no key that stays in it, and the table says why. */
  private static void assertRootedOrMissing(JsonObject tpm) {
    if (tpm.has("missing")) {
      assertEquals("tpm2-pkcs11 is not installed", tpm.getString("missing"));
      return;
    }
    assertEquals("TOKEN_ROOTED", tpm.getString("level"));
    assertMeasured(tpm, "keyfleet", Operation.SIGN);
    String reason = tpm.getObject("keyfleet").getObject("agree").getString("refused");
    assertTrue(reason.contains("agreed"), reason);
    assertFalse(tpm.has("c"));
  }

  @Test
  @Tag("interop")
  void measuresTheCardBehindPcscd() throws Exception {
    Path json = directory.resolve("card.json");
    String[] arguments = {
      "--rounds", "1", "--count", "10", "--json", json.toString(), "--token", "card-pcsc"
    };
    assertEquals(0, CustodyBench.execute(arguments));
    JsonObject card =
        JsonParser.object()
            .from(Files.readString(json))
            .getObject("backEnds")
            .getObject("card-pcsc");
    assertEquals("IN_TOKEN", card.getString("level"));
    for (Operation operation : Operation.values()) {
      assertEquals(10, card.getObject("keyfleet").getObject(operation.key()).getInt("samples"));
    }
  }

  @Test
  void refusesAnUnknownBackEnd() throws Exception {
    assertEquals(2, CustodyBench.execute(new String[] {"--token", "soft", "--token", "hsm"}));
  }

  private static void assertMeasured(JsonObject backEnd, String column, Operation operation) {
    JsonObject one = backEnd.getObject(column).getObject(operation.key());
    assertFalse(one.has("refused"), column + " " + operation + " " + one);
    assertEquals(20, one.getInt("samples"));
    assertTrue(one.getDouble("medianMicros") > 0.5, column + " " + operation + " " + one);
    assertTrue(one.getDouble("p10Micros") <= one.getDouble("p90Micros"));
  }

  @Test
  void mediansAndSpread() {
    Cost cost = new Cost();
    cost.add(Operation.MAC, new long[] {1_000, 3_000, 2_000, 9_000, 4_000});
    cost.add(Operation.MAC, new long[] {5_000, 6_000, 7_000, 8_000, 100_000});
    cost.refused(Operation.SIGN, "CKR_MECHANISM_INVALID");
    JsonObject mac = cost.json().getObject("mac");
    assertEquals(10, mac.getInt("samples"));
    assertEquals(6.0, mac.getDouble("medianMicros"));
    assertEquals(2.0, mac.getDouble("p10Micros"));
    assertEquals(100.0, mac.getDouble("p90Micros"));
    assertEquals(3.0, mac.getArray("roundMediansMicros").getDouble(0));
    assertEquals("CKR_MECHANISM_INVALID", cost.json().getObject("sign").getString("refused"));
  }

  @Test
  void theNoteOfATokenNamesItsMechanism() {
    assertEquals(new RawMechanism(0x210a, false), RawMechanism.ofNote("kwp 0x210A"));
    assertEquals(new RawMechanism(0x210b, true), RawMechanism.ofNote("kwp 0x210B with IV"));
    assertThrows(IllegalArgumentException.class, () -> RawMechanism.ofNote(""));
  }
}
