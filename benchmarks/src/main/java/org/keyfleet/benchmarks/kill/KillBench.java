package org.keyfleet.benchmarks.kill;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.benchmarks.fleet.TokenKind;
import org.keyfleet.benchmarks.footprint.Folder;
import picocli.CommandLine.ParseResult;

/** {@code ./keyfleet bench kill}: exit code 0 when every restart was as it should be. */
public final class KillBench {
  private static final Set<TokenKind> TOKENS = EnumSet.of(TokenKind.SOFTHSM, TokenKind.CARD);

  private KillBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(execute(arguments));
  }

  static int execute(String[] arguments) throws IOException, InterruptedException {
    return bench().execute(arguments, KillBench::run);
  }

  private static boolean run(ParseResult arguments) throws IOException, InterruptedException {
    Optional<TokenKind> token =
        TokenKind.ofOption(arguments.matchedOptionValue("--token", "softhsm"))
            .filter(TOKENS::contains);
    int kills = arguments.matchedOptionValue("--kills", 200);
    if (token.isEmpty() || kills < 1) {
      throw Bench.usage(arguments, "--token is softhsm or card, --kills 1 or more");
    }
    long seed = arguments.matchedOptionValue("--seed", System.nanoTime() % 1_000_000);
    @Nullable Path json = arguments.matchedOptionValue("--json", null);
    return measure(token.get(), kills, seed, json);
  }

  /** What is wrong leaves its folder behind, with the logs. */
  private static boolean measure(TokenKind token, int kills, long seed, @Nullable Path json)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("keyfleet-kill");
    System.out.println("seed " + seed + ", files in " + work);
    PrintStream out = System.out;
    KillReport report;
    try (KillGroup group = KillGroup.start(work, token);
        KillRun run = new KillRun(group, outsider(group, token), new Random(seed), out)) {
      report = run.run(token.option(), kills, seed);
    }
    report.print(System.out);
    if (json != null) {
      report.write(json);
    }
    if (report.ok()) {
      Folder.delete(work);
    }
    return report.ok();
  }

  private static Outsider outsider(KillGroup group, TokenKind token) {
    if (token == TokenKind.CARD) {
      return (root, faults) -> {}; // the agent holds the card alone: it is looked at in the end
    }
    return new SoftHsmOutsider(group.victim());
  }

  private static Bench bench() {
    return new Bench(
            "kill",
            "Kills a member (SIGKILL) at random moments of rekeys, starts it again each time, and looks whether it has lost anything:"
                + " its membership, its place among the epochs, the order in its token.")
        .option("--token", "KIND", String.class, "softhsm or card; default softhsm.")
        .option("--kills", "N", Integer.class, "Rekeys with a kill in each; default 200.")
        .option("--seed", "N", Long.class, "Of the moments; default: another one each time.");
  }
}
