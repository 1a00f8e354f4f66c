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
import org.keyfleet.benchmarks.fleet.Fleet;
import org.keyfleet.benchmarks.fleet.TokenKind;
import org.keyfleet.benchmarks.footprint.Folder;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code ./keyfleet bench kill}: exit code 0 when every restart was as it should be. */
public final class KillBench {
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final Set<TokenKind> TOKENS = EnumSet.of(TokenKind.SOFTHSM, TokenKind.CARD);

  private KillBench() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(execute(arguments));
  }

  static int execute(String[] arguments) throws InterruptedException {
    CommandLine line = new CommandLine(spec());
    ParseResult result;
    try {
      result = line.parseArgs(arguments);
      if (result.isUsageHelpRequested()) {
        line.usage(System.out);
        return 0;
      }
    } catch (ParameterException e) {
      System.err.println("keyfleet bench kill: " + e.getMessage());
      return USAGE;
    }
    Optional<TokenKind> token =
        TokenKind.ofOption(result.matchedOptionValue("--token", "softhsm"))
            .filter(TOKENS::contains);
    int kills = result.matchedOptionValue("--kills", 200);
    if (token.isEmpty() || kills < 1) {
      System.err.println("keyfleet bench kill: --token is softhsm or card, --kills 1 or more");
      return USAGE;
    }
    long seed = result.matchedOptionValue("--seed", System.nanoTime() % 1_000_000);
    @Nullable Path json = result.matchedOptionValue("--json", null);
    try {
      return measure(token.get(), kills, seed, json) ? 0 : FAILED;
    } catch (IOException e) {
      System.err.println("keyfleet bench kill: " + e.getMessage());
      return FAILED;
    }
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

  private static Outsider outsider(KillGroup group, TokenKind token) throws IOException {
    if (token == TokenKind.CARD) {
      return (root, faults) -> {}; // the agent holds the card alone: it is looked at in the end
    }
    return new SoftHsmOutsider(group.victim(), Fleet.softHsmLibrary());
  }

  private static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("keyfleet bench kill");
    spec.usageMessage()
        .description(
            "Kills a member (SIGKILL) at random moments of rekeys, starts it again each time, and looks whether it has lost anything:"
                + " its membership, its place among the epochs, the order in its token.");
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    option(spec, "--token", "KIND", String.class, "softhsm or card; default softhsm.");
    option(spec, "--kills", "N", Integer.class, "Rekeys with a kill in each; default 200.");
    option(spec, "--seed", "N", Long.class, "Of the moments; default: another one each time.");
    option(spec, "--json", "FILE", Path.class, "Write every kill and restart.");
    return spec;
  }

  private static void option(
      CommandSpec spec, String name, String label, Class<?> type, String description) {
    spec.addOption(
        OptionSpec.builder(name).type(type).paramLabel(label).description(description).build());
  }
}
