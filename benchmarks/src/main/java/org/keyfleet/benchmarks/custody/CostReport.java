package org.keyfleet.benchmarks.custody;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;

/** The figures, for people and as JSON. */
final class CostReport {
  private static final double GOAL = 2.0;

  private final JsonObject json = new JsonObject();
  private final JsonObject backEnds = new JsonObject();

  CostReport(int rounds, int count) {
    json.put("rounds", rounds);
    json.put("callsARound", count);
    json.put("backEnds", backEnds);
  }

  void add(String name, JsonObject found) {
    if (found.has("c")) {
      JsonObject ratios = new JsonObject();
      for (Operation operation : Operation.values()) {
        ratio(found, operation).ifPresent(ratio -> ratios.put(operation.key(), ratio));
      }
      found.put("wrapperToC", ratios);
    }
    backEnds.put(name, found);
  }

  /** A back end that cannot be had on this machine. */
  void missing(String name, String reason) {
    JsonObject found = new JsonObject();
    found.put("missing", reason);
    backEnds.put(name, found);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JsonWriter.indent("  ").string().value(json).done() + "\n");
  }

  void print(PrintStream out) {
    out.println(
        line(
            "%d rounds of %d calls: median (tenth to ninetieth percentile), microseconds",
            json.getInt("rounds"), json.getInt("callsARound")));
    for (String name : backEnds.keySet()) {
      JsonObject found = backEnds.getObject(name);
      out.println();
      if (found.has("missing")) {
        out.println(name + ": not measured: " + found.getString("missing"));
        continue;
      }
      out.println(name + " (" + found.getString("level") + ")");
      boolean beside = found.has("c");
      out.println(
          line("  %-9s %26s", "", "Keyfleet")
              + (beside ? line(" %26s %26s %9s", "ipkcs11wrapper", "C", "wrapper/C") : ""));
      for (Operation operation : Operation.values()) {
        String row = line("  %-9s %26s", operation.key(), text(found, "keyfleet", operation));
        if (beside) {
          row += line(" %26s", text(found, "wrapper", operation));
          row += line(" %26s", text(found, "c", operation));
          row += ratioText(ratio(found, operation));
        }
        out.println(row);
      }
    }
  }

  private static String ratioText(OptionalDouble ratio) {
    if (ratio.isEmpty()) {
      return line(" %9s", "-");
    }
    String over = ratio.getAsDouble() > GOAL ? " over the goal of " + GOAL : "";
    return line(" %9.2f%s", ratio.getAsDouble(), over);
  }

  /** Of the medians of all calls. */
  private static OptionalDouble ratio(JsonObject found, Operation operation) {
    JsonObject wrapper = found.getObject("wrapper").getObject(operation.key());
    JsonObject c = found.getObject("c").getObject(operation.key());
    if (!wrapper.has("medianMicros") || !c.has("medianMicros")) {
      return OptionalDouble.empty();
    }
    double ratio = wrapper.getDouble("medianMicros") / c.getDouble("medianMicros");
    return OptionalDouble.of(Math.round(ratio * 100) / 100.0);
  }

  private static String text(JsonObject found, String column, Operation operation) {
    JsonObject one = found.getObject(column).getObject(operation.key());
    return one.has("refused")
        ? "n/a: " + one.getString("refused")
        : line(
            "%.1f (%.1f to %.1f)",
            one.getDouble("medianMicros"), one.getDouble("p10Micros"), one.getDouble("p90Micros"));
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
