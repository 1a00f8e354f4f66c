package org.keyfleet.benchmarks.eviction;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The rows of one run: prints each as it comes, and keeps them for the files. */
final class EvictionReport {
  private final long seed;
  private final int rounds;
  private final String signature;
  private final PrintStream out;
  private final List<TreeRow> trees = new ArrayList<>();
  private final List<ChurnRow> churns = new ArrayList<>();
  private final List<CoverRow> covers = new ArrayList<>();
  private final List<MlsRow> mls = new ArrayList<>();

  /**
   * @param signature of the rekey messages
   */
  EvictionReport(long seed, int rounds, String signature, PrintStream out) {
    this.seed = seed;
    this.rounds = rounds;
    this.signature = signature;
    this.out = out;
  }

  void add(TreeRow row) {
    if (trees.isEmpty()) {
      out.println("seed " + seed + "; suite AES-128-GCM, KW_5649_128, " + signature);
      out.printf(
          "%-8s %10s %6s %7s %10s %10s %6s %11s %8s%n",
          "",
          "members",
          "wraps",
          "octets",
          "server us",
          "floor us",
          "ratio",
          "1000 at once",
          "heap/m");
    }
    trees.add(row);
    out.printf(
        "%-8s %10d %6d %7d %10.0f %10.0f %6.2f %11d %8.1f%n",
        row.method(),
        row.members(),
        row.wraps(),
        row.octets(),
        row.micros(),
        row.floorMicros(),
        row.ratio(),
        row.wrapsOf1000(),
        row.heapOctets());
  }

  /** Beside the trees of as many members, which come first. */
  void add(MlsRow row) {
    if (mls.isEmpty()) {
      out.printf(
          "%nBeside Bouncy Castle's MLS, MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519%n%-8s %10s %6s %7s %10s%n",
          "", "members", "keys", "octets", "maker us");
    }
    if (mls.stream().noneMatch(other -> other.members() == row.members())) {
      trees.stream()
          .filter(tree -> tree.members() == row.members() && tree.method().endsWith(" 2"))
          .forEach(
              tree ->
                  beside(
                      tree.method(), tree.members(), tree.wraps(), tree.octets(), tree.micros()));
    }
    mls.add(row);
    beside(row.method(), row.members(), row.ciphertexts(), row.octets(), row.micros());
  }

  private void beside(String method, int members, int keys, int octets, double micros) {
    out.printf("%-8s %10d %6d %7d %10.0f%n", method, members, keys, octets, micros);
  }

  void add(ChurnRow row) {
    if (churns.isEmpty()) {
      out.printf("%n%-8s %10s %9s %8s %12s%n", "", "members", "one join", "swapped", "1 % churn");
    }
    churns.add(row);
    out.printf(
        "%-8s %10d %9d %8d %12d%n",
        row.method(), row.members(), row.joinWraps(), row.swapped(), row.churnWraps());
  }

  void add(CoverRow row) {
    if (covers.isEmpty()) {
      out.printf(
          "%n%-8s %10s %8s %9s %10s %6s%n",
          "", "members", "revoked", "subsets", "cover us", "held");
    }
    covers.add(row);
    out.printf(
        "%-8s %10d %8d %9.1f %10.1f %6d%n",
        row.method(), row.members(), row.revoked(), row.subsets(), row.micros(), row.heldKeys());
  }

  String json() {
    JsonObject report = new JsonObject();
    report.put("seed", seed);
    report.put("rounds", rounds);
    report.put("signature", signature);
    report.put("trees", array(trees, TreeRow::toJson));
    report.put("churn", array(churns, ChurnRow::toJson));
    report.put("covers", array(covers, CoverRow::toJson));
    report.put("mls", array(mls, MlsRow::toJson));
    return JsonWriter.indent("  ").string().value(report).done() + "\n";
  }

  String svg() {
    List<EvictionChart.Point> points = new ArrayList<>();
    trees.forEach(
        row -> points.add(new EvictionChart.Point(row.method(), row.members(), row.octets())));
    mls.forEach(
        row -> points.add(new EvictionChart.Point(row.method(), row.members(), row.octets())));
    return EvictionChart.draw(points);
  }

  private static <T> JsonArray array(Collection<T> rows, Function<T, JsonObject> toJson) {
    JsonArray array = new JsonArray();
    rows.forEach(row -> array.add(toJson.apply(row)));
    return array;
  }
}
