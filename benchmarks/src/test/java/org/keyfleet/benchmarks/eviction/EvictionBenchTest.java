package org.keyfleet.benchmarks.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** What of the figures is a count and not a time. */
class EvictionBenchTest {
  /** Octets of a datagram that every IPv6 path takes whole, its headers not counted. */
  private static final int DATAGRAM = 1280;

  @Test
  void aMillionMembersAreRekeyedInOneDatagram(@TempDir Path directory) throws Exception {
    Path json = directory.resolve("eviction.json");
    Path svg = directory.resolve("eviction.svg");
    assertEquals(
        0,
        EvictionBench.execute(
            "--heights",
            "10,20",
            "--mls",
            "6",
            "--rounds",
            "3",
            "--json",
            json + "",
            "--svg",
            svg + ""));
    JsonObject report = JsonParser.object().from(Files.readString(json));
    JsonArray trees = report.getArray("trees");
    assertEquals(12, trees.size());
    for (int i = 0; i < trees.size(); i++) {
      require(trees.getObject(i));
    }
    JsonArray churn = report.getArray("churn");
    assertEquals(12, churn.size());
    for (int i = 0; i < churn.size(); i++) {
      requireOfChurn(churn.getObject(i), trees.getObject(i));
    }
    requireOfMls(report.getArray("mls"));
    requireOfChart(report, Files.readString(svg));
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

  /** Beside the row of one eviction. */
  private static void requireOfChurn(JsonObject row, JsonObject eviction) {
    assertEquals(eviction.getString("method"), row.getString("method"));
    assertEquals(eviction.getInt("members"), row.getInt("members"));
    int swapped = row.getInt("swapped");
    assertEquals(Math.max(1, row.getInt("members") / 200), swapped, row.toString());
    // What a change costs alone; with OFC a joiner's leaf has one wrap more than an evicted one's
    int alone = eviction.getInt("wraps") + 1;
    int wraps = row.getInt("churnWraps");
    assertTrue(wraps >= swapped && wraps <= swapped * alone, row.toString());
    int joinWraps = row.getInt("joinWraps");
    assertTrue(joinWraps > 1 && joinWraps <= alone, row.toString());
  }

  /** RFC 9420 section 7.5: a cold tree has a key for each member, a warm one for each subtree. */
  private static void requireOfMls(JsonArray rows) {
    assertEquals(2, rows.size());
    JsonObject cold = rows.getObject(0);
    JsonObject warm = rows.getObject(1);
    assertEquals("MLS cold", cold.getString("method"));
    assertEquals("MLS warm", warm.getString("method"));
    assertEquals(64, cold.getInt("members"));
    assertEquals(64, warm.getInt("members"));
    assertEquals(62, cold.getInt("ciphertexts"));
    assertEquals(2 * 6 - 2, warm.getInt("ciphertexts"));
    assertTrue(cold.getInt("octets") > 3 * warm.getInt("octets"), rows.toString());
  }

  private static void requireOfChart(JsonObject report, String svg) throws Exception {
    List<EvictionChart.Point> points =
        new ArrayList<>(EvictionChartTest.points(report.getArray("trees")));
    points.addAll(EvictionChartTest.points(report.getArray("mls")));
    Document chart = EvictionChartTest.parse(svg);
    List<String> titles = new ArrayList<>(EvictionChartTest.texts(chart, "title"));
    titles.remove(0);
    assertEquals(
        Set.copyOf(EvictionChartTest.titles(points)), Set.copyOf(titles), "points of the chart");
    assertEquals(points.size(), titles.size());
    List<String> texts = EvictionChartTest.texts(chart, "text");
    points.forEach(point -> assertTrue(texts.contains(point.method()), point.method()));
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
            "--mls",
            "4",
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
    assertEquals(2, EvictionBench.execute("--mls", "13"));
    assertEquals(2, EvictionBench.execute("--signature-key", "LMS"));
  }
}
