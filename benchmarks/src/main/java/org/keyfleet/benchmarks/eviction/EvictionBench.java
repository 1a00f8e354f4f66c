package org.keyfleet.benchmarks.eviction;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.gcks.policy.SignatureKey;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.suite.SigningException;
import picocli.CommandLine.ParseResult;

/**
 * {@code ./keyfleet bench eviction}: what one eviction costs, by algorithm and size of the group.
 */
public final class EvictionBench {
  private static final int MOST_HEIGHT = 24;

  private static final List<Method> METHODS =
      List.of(
          new Method("LKH 2", TreeGkma.LKH, 2),
          new Method("LKH 3", TreeGkma.LKH, 3),
          new Method("LKH 4", TreeGkma.LKH, 4),
          new Method("OFC 2", TreeGkma.OFC, 2));

  private EvictionBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) throws IOException, InterruptedException {
    return bench().execute(arguments, EvictionBench::run);
  }

  private static boolean run(ParseResult arguments) throws IOException, InterruptedException {
    List<Integer> heights = arguments.matchedOptionValue("--heights", List.of(10, 12, 16, 20));
    int rounds = arguments.matchedOptionValue("--rounds", 200);
    long seed = arguments.matchedOptionValue("--seed", System.nanoTime() % 1_000_000);
    if (rounds < 3 || heights.stream().anyMatch(height -> height < 4 || height > MOST_HEIGHT)) {
      throw Bench.usage(arguments, "at least 3 rounds, heights from 4 to " + MOST_HEIGHT);
    }
    SignatureKey key = arguments.matchedOptionValue("--signature-key", SignatureKey.IDENTITY);
    @Nullable Path json = arguments.matchedOptionValue("--json", null);
    return Bench.inFolder(
        "eviction",
        work -> {
          try {
            return measure(heights, rounds, seed, key, json, work, System.out);
          } catch (StoreException | CustodyException | SigningException e) {
            throw new IOException(e.getMessage(), e);
          }
        });
  }

  private static boolean measure(
      List<Integer> heights,
      int rounds,
      long seed,
      SignatureKey key,
      @Nullable Path json,
      Path work,
      PrintStream out)
      throws IOException, StoreException, CustodyException, SigningException {
    String scheme = key == SignatureKey.IDENTITY ? "Ed25519" : key.toString();
    out.println("seed " + seed + "; suite AES-128-GCM, KW_5649_128, " + scheme);
    Random random = new Random(seed);
    List<TreeRow> trees = new ArrayList<>();
    try (KeyCustody custody = custody(work)) {
      TreeMeasurement measurement = new TreeMeasurement(key, custody, work, random, rounds);
      out.printf(
          "%-6s %10s %6s %7s %10s %10s %6s %11s %8s%n",
          "",
          "members",
          "wraps",
          "octets",
          "server us",
          "floor us",
          "ratio",
          "1000 at once",
          "heap/m");
      for (int height : heights) {
        for (Method method : METHODS) {
          TreeRow row = measurement.measure(method, 1 << height);
          trees.add(row);
          out.printf(
              "%-6s %10d %6d %7d %10.0f %10.0f %6.2f %11d %8.1f%n",
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
      }
    }
    List<CoverRow> covers = covers(heights, random, rounds, out);
    if (json != null) {
      Files.writeString(json, json(seed, scheme, trees, covers));
    }
    return true;
  }

  private static List<CoverRow> covers(
      List<Integer> heights, Random random, int rounds, PrintStream out) {
    CoverMeasurement measurement = new CoverMeasurement(random, rounds);
    List<CoverRow> rows = new ArrayList<>();
    out.printf(
        "%n%-6s %10s %8s %9s %10s %6s%n", "", "members", "revoked", "subsets", "cover us", "held");
    for (int height : heights) {
      for (int revoked : new int[] {1, 100, 1000}) {
        if (revoked < 1 << (height - 1)) {
          rows.add(measurement.completeSubtree(height, revoked));
          rows.add(measurement.subsetDifference(height, revoked));
        }
      }
    }
    for (CoverRow row : rows) {
      out.printf(
          "%-6s %10d %8d %9.1f %10.1f %6d%n",
          row.method(), row.members(), row.revoked(), row.subsets(), row.micros(), row.heldKeys());
    }
    return rows;
  }

  private static KeyCustody custody(Path directory) throws CustodyException {
    SecureRandom random = new SecureRandom();
    CustodyConfig config = new CustodyConfig.Soft(directory.resolve("master.keys"));
    char[] pin = "bench-pin".toCharArray();
    CustodyFactory.initialize(config, pin.clone(), pin.clone(), random);
    KeyCustody custody = CustodyFactory.of(config, random);
    custody.open(pin);
    return custody;
  }

  private static String json(long seed, String scheme, List<TreeRow> trees, List<CoverRow> covers) {
    JsonArray treeRows = new JsonArray();
    trees.forEach(row -> treeRows.add(row.toJson()));
    JsonArray coverRows = new JsonArray();
    covers.forEach(row -> coverRows.add(row.toJson()));
    JsonObject report = new JsonObject();
    report.put("seed", seed);
    report.put("signature", scheme);
    report.put("trees", treeRows);
    report.put("covers", coverRows);
    return JsonWriter.indent("  ").string().value(report).done();
  }

  private static Bench bench() {
    return new Bench(
            "eviction",
            "Evicts members from full groups with the server's own planner and writer, without its store; and covers of the"
                + " stateless algorithms. The floor is the same wraps and signatures timed alone in the same run.")
        .list("--heights", "H", Integer.class, "log2 of the members; default 10,12,16,20.")
        .option(
            "--signature-key",
            "KEY",
            SignatureKey.class,
            "IDENTITY, an Ed25519 key; ML_DSA_44; ML_DSA_65. Default: the first.")
        .option("--rounds", "N", Integer.class, "Evictions in each group; default 200.")
        .option("--seed", "N", Long.class, "Of the places; default: another one each time.");
  }
}
