package org.keyfleet.benchmarks.eviction;

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
class EvictionBenchTest {
  /** Octets of a datagram that every IPv6 path takes whole, its headers not counted. */
  private static final int DATAGRAM = 1280;

  @Test
  void aMillionMembersAreRekeyedInOneDatagram(@TempDir Path directory) throws Exception {
    Path json = directory.resolve("eviction.json");
    assertEquals(
        0, EvictionBench.execute("--heights", "10,20", "--rounds", "3", "--json", json.toString()));
    JsonArray trees = JsonParser.object().from(Files.readString(json)).getArray("trees");
    assertEquals(8, trees.size());
    for (int i = 0; i < trees.size(); i++) {
      require(trees.getObject(i));
    }
  }

  private static void require(JsonObject row) {
    int members = row.getInt("members");
    int wraps = row.getInt("wraps");
    double log2 = Math.log(members) / Math.log(2);
    switch (row.getString("method")) {
      case "OFC 2" -> {
        assertEquals(log2, wraps, 1e-9, row.toString());
        assertTrue(row.getInt("octets") <= DATAGRAM, row.toString());
      }
      case "LKH 2" -> assertTrue(wraps <= 2 * log2, row.toString());
      case "LKH 3" -> assertTrue(wraps <= 3 * log2 / Math.log(3) * Math.log(2), row.toString());
      case "LKH 4" -> assertTrue(wraps <= 2 * log2, row.toString());
      default -> throw new AssertionError(row.toString());
    }
    if (members > 1_000_000) {
      double heap = row.getDouble("heapOctetsPerMember");
      assertTrue(heap > 4 && heap <= 16, row.toString());
    }
  }

  /** AUTH differs in the signature and in its AlgorithmIdentifier, which has six octets more. */
  @Test
  void mlDsaMakesAMessageLongerByItsSignature(@TempDir Path directory) throws Exception {
    JsonArray ed25519 = trees(directory.resolve("identity.json"), "IDENTITY");
    JsonArray mlDsa44 = trees(directory.resolve("44.json"), "ML_DSA_44");
    JsonArray mlDsa65 = trees(directory.resolve("65.json"), "ML_DSA_65");
    for (int i = 0; i < ed25519.size(); i++) {
      int octets = ed25519.getObject(i).getInt("octets");
      assertEquals(octets + 2420 - 64 + 6, mlDsa44.getObject(i).getInt("octets"));
      assertEquals(octets + 3309 - 64 + 6, mlDsa65.getObject(i).getInt("octets"));
    }
  }

  private static JsonArray trees(Path json, String signatureKey) throws Exception {
    assertEquals(
        0,
        EvictionBench.execute(
            "--heights",
            "10",
            "--rounds",
            "3",
            "--signature-key",
            signatureKey,
            "--json",
            json.toString()));
    return JsonParser.object().from(Files.readString(json)).getArray("trees");
  }

  @Test
  void wrongArgumentsAreUsage() throws Exception {
    assertEquals(2, EvictionBench.execute("--heights", "3"));
    assertEquals(2, EvictionBench.execute("--rounds", "1"));
    assertEquals(2, EvictionBench.execute("--hights", "10"));
    assertEquals(2, EvictionBench.execute("--signature-key", "LMS"));
  }
}
