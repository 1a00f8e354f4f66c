package org.keyfleet.benchmarks.histories;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.protocol.keytree.histories.HistoryAlgorithm;
import picocli.CommandLine.ParseResult;

/**
 * {@code ./keyfleet bench histories}: random lives of groups, and whether the symbolic adversary of
 * {@link org.keyfleet.protocol.keytree.histories} ever reaches a group key that is not for him.
 */
public final class HistoriesBench {
  private static final long A_MILLION = 1_000_000;

  private HistoriesBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) throws IOException, InterruptedException {
    return new Bench(
            "histories",
            "Plays one long random history with each algorithm: joins, evictions, batches, refreshed paths, and hosts that"
                + " see a member's keys for a moment. After each rekey, everybody who is out, all together, must reach no"
                + " group key from then on, nobody one from before he came, and every member the one of now.")
        .option("--events", "N", Long.class, "Rekeys in each history; default 1000000.")
        .option("--seed", "N", Long.class, "Default: another one each time.")
        .list(
            "--algorithms",
            "A",
            HistoryAlgorithm.class,
            "LKH_2, LKH_3, LKH_4, OFC_2, CS, SD; default: all.")
        .execute(arguments, HistoriesBench::run);
  }

  private static boolean run(ParseResult arguments) throws IOException {
    long events = arguments.matchedOptionValue("--events", A_MILLION);
    long seed = arguments.matchedOptionValue("--seed", System.nanoTime() % A_MILLION);
    List<HistoryAlgorithm> algorithms =
        arguments.matchedOptionValue("--algorithms", List.of(HistoryAlgorithm.values()));
    @Nullable Path json = arguments.matchedOptionValue("--json", null);
    if (events < 1) {
      throw Bench.usage(arguments, "at least one event");
    }
    List<HistoryRow> rows = new ArrayList<>();
    System.out.println("seed " + seed);
    System.out.println(HistoryRow.HEADER);
    for (HistoryAlgorithm algorithm : algorithms) {
      HistoryRow row = HistoryRow.play(algorithm, events, seed);
      print(row, System.out);
      rows.add(row);
    }
    if (json != null) {
      Files.writeString(json, json(seed, rows));
    }
    return rows.stream().allMatch(row -> row.broken() == null);
  }

  private static void print(HistoryRow row, PrintStream out) {
    out.println(row);
    out.flush();
  }

  private static String json(long seed, List<HistoryRow> rows) {
    JsonArray histories = new JsonArray();
    rows.forEach(row -> histories.add(row.toJson()));
    JsonObject report = new JsonObject();
    report.put("seed", seed);
    report.put("histories", histories);
    return JsonWriter.indent("  ").string().value(report).done();
  }
}
