package org.keyfleet.benchmarks.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demonstration does what it says, and tshark reads all of it. */
@Tag("interop")
class DemoTest {
  @Test
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void demonstrationHoldsAndTsharkReadsIt(@TempDir Path directory) throws Exception {
    Path json = directory.resolve("report.json");
    Path pcap = directory.resolve("demo.pcap");
    Path keys = directory.resolve("keys");
    int exit =
        Demo.execute(
            "--work-dir", directory.resolve("fleet").toString(),
            "--json", json.toString(),
            "--pcap", pcap.toString(),
            "--keys", keys.toString());
    String report = Files.exists(json) ? Files.readString(json) : "no report";
    assertEquals(0, exit, report);
    requireReport(JsonParser.object().from(report));
    requireReadable(pcap, keys);
  }

  /** The same run with each other kind of token; the levels are what the tokens can do. */
  @ParameterizedTest
  @CsvSource({
    "card, strict, card in Keyfleet virtual reader",
    "tpm, standard, its id",
    "opencryptoki, standard, its id",
    "soft, standard, keys.soft"
  })
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  @Tag("one-jdk")
  void everyKindOfTokenPlaysIt(String token, String custody, String name, @TempDir Path directory)
      throws Exception {
    Path json = directory.resolve("report.json");
    int exit =
        Demo.execute(
            "--work-dir", directory.resolve("f").toString(),
            "--json", json.toString(),
            "--token", token);
    String report = Files.exists(json) ? Files.readString(json) : "no report";
    assertEquals(0, exit, report);
    JsonObject read = JsonParser.object().from(report);
    requireOutcome(read);
    JsonArray members = read.getArray("members");
    assertEquals(6, members.size());
    for (int i = 0; i < members.size(); i++) {
      JsonObject member = members.getObject(i);
      assertEquals(custody, member.getString("custody"), report);
      String label = name.equals("its id") ? member.getString("id") : name;
      assertEquals(label, member.getString("token"), report);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--token nfc",
        "--token tpm --custody strict",
        "--token card --runtime image",
        "--custody lax"
      })
  void whatCannotBeIsSaid(String arguments) throws Exception {
    assertEquals(2, Demo.execute(arguments.split(" ", -1)));
  }

  private static void requireReport(JsonObject report) {
    requireOutcome(report);
    JsonArray rekeys = report.getArray("rekeys");
    assertFalse(rekeys.isEmpty());
    for (int i = 0; i < rekeys.size(); i++) {
      JsonObject rekey = rekeys.getObject(i);
      assertEquals(32, rekey.getString("spi").length(), rekey.toString());
      assertTrue(rekey.getLong("messageId", -1) >= 0, rekey.toString());
      assertTrue(rekey.getInt("octets") > 0, rekey.toString());
      assertTrue(rekey.getInt("wraps") > 0, rekey.toString());
      assertFalse(rekey.getString("reason").isEmpty(), rekey.toString());
    }
    JsonArray members = report.getArray("members");
    assertEquals(6, members.size());
    for (int i = 0; i < members.size(); i++) {
      requireMember(members.getObject(i));
    }
  }

  private static void requireOutcome(JsonObject report) {
    assertTrue(report.getBoolean("ok"), report.toString());
    assertEquals(0, report.getInt("evictedReadAfter", -1));
    assertEquals(0, report.getInt("lateJoinerReadBefore", -1));
    assertTrue(report.getBoolean("recovered"));
  }

  private static void requireMember(JsonObject member) {
    boolean evicted = member.getString("id").equals("tv-2");
    assertEquals(evicted ? "excluded" : "member", member.getString("state"), member.toString());
    assertEquals("strict", member.getString("custody"), member.toString());
    assertEquals(member.getString("id"), member.getString("token"), "the label of its token");
    assertTrue(member.getString("transport").matches("multicast|mqtt"), member.toString());
    assertTrue(member.getLong("registeredMillis", -1) > 0, member.toString());
    assertTrue(member.getLong("rekeysApplied", -1) > 0, member.toString());
    assertTrue(member.getLong("lastMessageId", -1) >= 0, member.toString());
    assertTrue(member.getInt("readBefore", -1) >= 0, member.toString());
    assertEquals(evicted, member.getInt("readAfter", -1) == 0 && !isSender(member));
  }

  /** It reads nothing, because it sends. */
  private static boolean isSender(JsonObject member) {
    return member.getString("id").equals("head-end");
  }

  private static void requireReadable(Path pcap, Path keys)
      throws IOException, InterruptedException {
    Path script = root().resolve("benchmarks/lab/tshark/check-capture.sh");
    Process process =
        new ProcessBuilder(script.toString(), pcap.toString(), keys.toString())
            .redirectErrorStream(true)
            .start();
    String output;
    try {
      output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroy();
    }
    System.out.println(output);
    assertEquals(0, process.waitFor(), output);
    Map<String, String[]> rows = new HashMap<>();
    for (String line : output.lines().toList()) {
      String[] words = line.trim().split(" +", -1);
      if (words.length == 5) {
        rows.put(words[0], words);
      }
    }
    assertTrue(Integer.parseInt(row(rows, "IKE_SA_INIT", output)[1]) > 0, output);
    for (String kind : new String[] {"GSA_AUTH", "GSA_REKEY", "ESP"}) {
      String[] row = row(rows, kind, output);
      assertTrue(Integer.parseInt(row[1]) > 0, output);
      assertEquals(row[1], row[2], output);
      assertEquals("0", row[3], output);
      assertEquals("0", row[4], output);
    }
  }

  private static String[] row(Map<String, String[]> rows, String kind, String output) {
    String[] row = rows.getOrDefault(kind, new String[0]);
    assertEquals(5, row.length, kind + " is missing:\n" + output);
    return row;
  }

  private static Path root() throws IOException {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("benchmarks/lab"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IOException("no benchmarks/lab above " + Path.of("").toAbsolutePath());
      }
    }
    return directory;
  }
}
