package org.keyfleet.benchmarks.custody;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.benchmarks.footprint.Folder;
import picocli.CommandLine.ParseResult;

/** {@code ./keyfleet bench custody}: exit code 0 when everything could be measured. */
public final class CustodyBench {
  private static final String SOURCE = "benchmarks/lab/custody/raw-calls.c";

  private CustodyBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(execute(arguments));
  }

  static int execute(String[] arguments) throws IOException, InterruptedException {
    return bench().execute(arguments, CustodyBench::run);
  }

  private static boolean run(ParseResult arguments) throws IOException, InterruptedException {
    List<BackEnd> backEnds = chosen(arguments.matchedOptionValue("--token", List.of()));
    if (backEnds.isEmpty()) {
      throw Bench.usage(arguments, "--token takes " + BackEnd.names());
    }
    int rounds = arguments.matchedOptionValue("--rounds", 7);
    int count = arguments.matchedOptionValue("--count", 400);
    if (rounds < 1 || count < 10) {
      throw Bench.usage(arguments, "at least 1 round of 10 calls");
    }
    CostReport report = measured(backEnds, rounds, count);
    report.print(System.out);
    @Nullable Path json = arguments.matchedOptionValue("--json", null);
    if (json != null) {
      report.write(json);
    }
    return true;
  }

  private static CostReport measured(List<BackEnd> backEnds, int rounds, int count)
      throws IOException, InterruptedException {
    CostReport report = new CostReport(rounds, count);
    for (BackEnd backEnd : backEnds) {
      Optional<String> missing = backEnd.missing();
      if (missing.isPresent()) {
        report.missing(backEnd.name(), missing.get());
        continue;
      }
      Path work = Files.createTempDirectory("keyfleet-custody");
      try (backEnd) {
        report.add(backEnd.name(), measured(backEnd, work, rounds, count));
      } finally {
        Folder.delete(work);
      }
    }
    return report;
  }

  /** Of these names; all if there are none, and none if one is unknown. */
  private static List<BackEnd> chosen(List<String> names) {
    List<BackEnd> all = BackEnd.all();
    if (!BackEnd.names().containsAll(names)) {
      return List.of();
    }
    return all.stream().filter(one -> names.isEmpty() || names.contains(one.name())).toList();
  }

  private static JsonObject measured(BackEnd backEnd, Path work, int rounds, int count)
      throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("keyfleet.root", ".")).toAbsolutePath().normalize();
    return WorkerProcess.measure(
        backEnd,
        work,
        CustodyWorker.class,
        "-Xmx64m",
        root.resolve(SOURCE).toString(),
        Integer.toString(rounds),
        Integer.toString(count));
  }

  private static Bench bench() {
    return new Bench(
            "custody",
            "Measures unwrap, release, derive, mac, sign and agree on every back end, as a member calls them; for PKCS#11 also the"
                + " same calls through the wrapper alone and in C, in turn.")
        .list(
            "--token",
            "NAME",
            String.class,
            "Only this back end, of %s; more than once if you like.".formatted(BackEnd.names()))
        .option("--rounds", "N", Integer.class, "How often each has its turn; default 7.")
        .option("--count", "N", Integer.class, "Calls of an operation in a round; default 400.");
  }
}
