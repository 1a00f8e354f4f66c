package org.keyfleet.benchmarks.eviction;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.benchmarks.custody.BackEnd;
import org.keyfleet.gcks.policy.SignatureKey;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.suite.SigningException;
import picocli.CommandLine.ParseResult;

/**
 * {@code ./keyfleet bench eviction}: what one eviction costs, by algorithm and size of the group.
 */
public final class EvictionBench {
  private static final int LEAST_HEIGHT = 4;
  private static final int MOST_HEIGHT = 24;

  /**
   * The time to make a group of MLS grows with the square of its members: 4096 take half a minute.
   */
  private static final int MOST_MLS_HEIGHT = 12;

  /** As many with a commit each: 1024 take half a minute, 4096 would take ten. */
  private static final int MOST_WARM_HEIGHT = 10;

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
    List<Integer> mls = arguments.matchedOptionValue("--mls", List.of(6, 8, 10, 12));
    int rounds = arguments.matchedOptionValue("--rounds", 200);
    long seed = arguments.matchedOptionValue("--seed", System.nanoTime() % 1_000_000);
    if (rounds < 3 || outside(heights, MOST_HEIGHT) || outside(mls, MOST_MLS_HEIGHT)) {
      throw Bench.usage(
          arguments,
          "at least 3 rounds, heights from 4 to " + MOST_HEIGHT + ", MLS to " + MOST_MLS_HEIGHT);
    }
    SignatureKey key = arguments.matchedOptionValue("--signature-key", SignatureKey.IDENTITY);
    @Nullable Path json = arguments.matchedOptionValue("--json", null);
    @Nullable Path svg = arguments.matchedOptionValue("--svg", null);
    return Bench.inFolder(
        "eviction",
        work -> {
          String scheme = key == SignatureKey.IDENTITY ? "Ed25519" : key.toString();
          EvictionReport report = new EvictionReport(seed, rounds, scheme, System.out);
          measure(heights, mls, rounds, key, new Random(seed), work, report);
          if (json != null) {
            Files.writeString(json, report.json());
          }
          if (svg != null) {
            Files.writeString(svg, report.svg());
          }
          return true;
        });
  }

  private static boolean outside(List<Integer> heights, int most) {
    return heights.stream().anyMatch(height -> height < LEAST_HEIGHT || height > most);
  }

  private static void measure(
      List<Integer> heights,
      List<Integer> mls,
      int rounds,
      SignatureKey key,
      Random random,
      Path work,
      EvictionReport report)
      throws IOException {
    SortedSet<Integer> all = new TreeSet<>(heights);
    all.addAll(mls);
    trees(all, rounds, key, random, work, report);
    MlsMeasurement comparison = new MlsMeasurement(random, rounds);
    for (int height : new TreeSet<>(mls)) {
      report.add(comparison.cold(1 << height));
      if (height <= MOST_WARM_HEIGHT) {
        report.add(comparison.warm(1 << height));
      }
    }
    ChurnMeasurement churn = new ChurnMeasurement(random);
    for (int height : all) {
      METHODS.forEach(method -> report.add(churn.measure(method, 1 << height)));
    }
    covers(all, rounds, random, report);
  }

  private static void trees(
      Set<Integer> heights,
      int rounds,
      SignatureKey key,
      Random random,
      Path work,
      EvictionReport report)
      throws IOException {
    try (KeyCustody custody = BackEnd.named("soft").opened(work, new SecureRandom())) {
      TreeMeasurement measurement = new TreeMeasurement(key, custody, work, random, rounds);
      for (int height : heights) {
        for (Method method : METHODS) {
          report.add(measurement.measure(method, 1 << height));
        }
      }
    } catch (StoreException | CustodyException | SigningException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void covers(
      Set<Integer> heights, int rounds, Random random, EvictionReport report) {
    CoverMeasurement measurement = new CoverMeasurement(random, rounds);
    for (int height : heights) {
      for (int revoked : new int[] {1, 100, 1000}) {
        if (revoked < 1 << (height - 1)) {
          report.add(measurement.completeSubtree(height, revoked));
          report.add(measurement.subsetDifference(height, revoked));
        }
      }
    }
  }

  private static Bench bench() {
    return new Bench(
            "eviction",
            "Evicts members from full groups with the server's own planner and writer, without its store, and from groups of"
                + " Bouncy Castle's MLS; and covers of the stateless algorithms. The floor is the same wraps and signatures timed alone in the same run.")
        .list("--heights", "H", Integer.class, "log2 of the members; default 10,12,16,20.")
        .list(
            "--mls",
            "H",
            Integer.class,
            "log2 of the members of Bouncy Castle's MLS groups beside, 12 at most; default 6,8,10,12. Warm ones have 2^10 members at most.")
        .option("--svg", "FILE", Path.class, "Draw the octets of one eviction.")
        .option(
            "--signature-key",
            "KEY",
            SignatureKey.class,
            "IDENTITY, an Ed25519 key; ML_DSA_44; ML_DSA_65. Default: the first.")
        .option("--rounds", "N", Integer.class, "Evictions in each group; default 200.")
        .option("--seed", "N", Long.class, "Of the places; default: another one each time.");
  }
}
