package org.keyfleet.benchmarks.member;

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
import org.keyfleet.benchmarks.custody.BackEnd;
import org.keyfleet.benchmarks.custody.WorkerProcess;
import picocli.CommandLine.ParseResult;

/** {@code ./keyfleet bench member}: what a rekey costs a member, by back end and algorithm. */
public final class MemberBench {
  private static final int MOST_HEIGHT = 20;

  /** A file system in memory, where there is one. */
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private MemberBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) throws IOException, InterruptedException {
    return bench().execute(arguments, MemberBench::run);
  }

  private static boolean run(ParseResult arguments) throws IOException, InterruptedException {
    List<Integer> heights = arguments.matchedOptionValue("--heights", List.of(10, 20));
    List<String> tokens = arguments.matchedOptionValue("--token", List.of("soft", "softhsm"));
    int rounds = arguments.matchedOptionValue("--rounds", 300);
    if (rounds < 3 || heights.stream().anyMatch(height -> height < 2 || height > MOST_HEIGHT)) {
      throw Bench.usage(arguments, "at least 3 rounds, heights from 2 to " + MOST_HEIGHT);
    }
    if (!BackEnd.names().containsAll(tokens)) {
      throw Bench.usage(arguments, "--token is one of " + String.join(", ", BackEnd.names()));
    }
    @Nullable Path json = arguments.matchedOptionValue("--json", null);
    JsonObject report = new JsonObject();
    PrintStream out = System.out;
    out.println("one rekey that renews all keys above a member; AES-128-GCM, KW_5649_128, Ed25519");
    out.printf(
        "%-12s %-4s %9s %8s %8s %9s %9s %6s %9s%n",
        "", "", "members", "unwraps", "derives", "member us", "floor us", "ratio", "disk us");
    for (String token : tokens) {
      report.put(token, measured(BackEnd.named(token), heights, rounds, out));
    }
    if (json != null) {
      Files.writeString(json, JsonWriter.indent("  ").string().value(report).done());
    }
    return true;
  }

  private static JsonArray measured(
      BackEnd backEnd, List<Integer> heights, int rounds, PrintStream out)
      throws IOException, InterruptedException {
    JsonArray rows = new JsonArray();
    if (backEnd.missing().isPresent()) {
      out.println(backEnd.name() + ": not here: " + backEnd.missing().get());
      return rows;
    }
    Bench.inFolder(
        "member",
        work -> {
          List<String> arguments = new ArrayList<>();
          arguments.add((Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : work).toString());
          arguments.add(Integer.toString(rounds));
          heights.forEach(height -> arguments.add(Integer.toString(height)));
          try (backEnd) {
            JsonObject found =
                WorkerProcess.measure(
                    backEnd, work, MemberWorker.class, "-Xmx1g", arguments.toArray(String[]::new));
            rows.addAll(found.getArray("rows"));
          }
          return true;
        });
    for (int i = 0; i < rows.size(); i++) {
      print(backEnd.name(), rows.getObject(i), out);
    }
    return rows;
  }

  private static void print(String token, JsonObject row, PrintStream out) {
    double member = row.getDouble("memberMicros");
    double floor = row.getDouble("floorMicros");
    out.printf(
        "%-12s %-4s %9d %8d %8d %9.0f %9.0f %6.2f %9.0f%n",
        token,
        row.getString("method"),
        row.getInt("members"),
        row.getObject("token").getInt("unwraps"),
        row.getObject("token").getInt("derivations"),
        member,
        floor,
        member / floor,
        row.getDouble("memberOnDiskMicros"));
  }

  private static Bench bench() {
    return new Bench(
            "member",
            "A member of a full group follows rekeys that renew all keys above it, with its journal in memory and on the disk."
                + " The floor is the token calls that it needs and the verifications, timed alone in the same run.")
        .list("--heights", "H", Integer.class, "log2 of the members; default 10,20.")
        .list("--token", "NAME", String.class, "Back ends; default soft,softhsm.")
        .option("--rounds", "N", Integer.class, "Rekeys of each kind; default 300.");
  }
}
