package org.keyfleet.benchmarks.footprint;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** The figures, for people and as JSON. */
final class FootprintReport {
  /** A row of the table; memory is in KiB, time in milliseconds. */
  private record Row(String key, String label, Figure agent, Figure floor, boolean memory) {}

  private static final double KIB_PER_MB = 1000_000.0 / 1024;

  private final List<Row> rows = new ArrayList<>();
  private final JsonObject json = new JsonObject();

  private FootprintReport() {}

  static FootprintReport of(
      DeviceRuntime runtime, List<Sample> agents, List<Sample> floors, int idleSeconds)
      throws IOException {
    FootprintReport report = new FootprintReport();
    report.memory("rssKib", "resident (RSS)", agents, floors, sample -> sample.memory().rss());
    report.memory("pssKib", "proportional (PSS)", agents, floors, sample -> sample.memory().pss());
    report.memory(
        "anonymousKib", "anonymous", agents, floors, sample -> sample.memory().anonymous());
    report.time("readyMillis", "start to ready", agents, floors, Sample::readyMillis);
    report.time(
        "multicastMillis", "start to member (multicast)", agents, floors, Sample::multicastMillis);
    report.time("joinedMillis", "start to member (and MQTT)", agents, floors, Sample::joinedMillis);
    report.time("cpuMillis", "processor time until then", agents, floors, Sample::cpuMillis);
    report.fill(runtime, agents.size(), idleSeconds);
    return report;
  }

  private void memory(
      String key,
      String label,
      List<Sample> agents,
      List<Sample> floors,
      ToLongFunction<Sample> value) {
    rows.add(new Row(key, label, Figure.of(agents, value), Figure.of(floors, value), true));
  }

  private void time(
      String key,
      String label,
      List<Sample> agents,
      List<Sample> floors,
      ToLongFunction<Sample> value) {
    rows.add(new Row(key, label, Figure.of(agents, value), Figure.of(floors, value), false));
  }

  private void fill(DeviceRuntime runtime, int starts, int idleSeconds) throws IOException {
    JsonObject agent = new JsonObject();
    JsonObject floor = new JsonObject();
    JsonObject ratio = new JsonObject();
    for (Row row : rows) {
      agent.put(row.key(), row.agent().json());
      floor.put(row.key(), row.floor().json());
      if (row.memory()) {
        ratio.put(row.key(), row.agent().ratioTo(row.floor()));
      }
    }
    JsonObject octets = new JsonObject();
    octets.put("jar", runtime.jarOctets());
    octets.put("archive", runtime.archiveOctets());
    octets.put("runtime", runtime.octets());
    json.put("starts", starts);
    json.put("idleSeconds", idleSeconds);
    json.put("agent", agent);
    json.put("hello", floor);
    json.put("ratio", ratio);
    json.put("octets", octets);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JsonWriter.indent("  ").string().value(json).done() + "\n");
  }

  void print(PrintStream out) {
    out.println(
        line(
            "%d starts each, %d s idle: median (min to max)",
            json.getInt("starts"), json.getInt("idleSeconds")));
    out.println(line("%-28s %28s %28s %6s", "", "joined agent", "bare Hello", "ratio"));
    for (Row row : rows) {
      String ratio = row.memory() ? line("%.2f", row.agent().ratioTo(row.floor())) : "";
      out.println(
          line(
              "%-28s %28s %28s %6s",
              row.label(), text(row, row.agent()), text(row, row.floor()), ratio));
    }
    JsonObject octets = json.getObject("octets");
    out.println(
        line(
            "octets: agent jar %,d; class-data archive %,d; whole runtime with both %,d",
            octets.getLong("jar"), octets.getLong("archive"), octets.getLong("runtime")));
  }

  private static String text(Row row, Figure figure) {
    return row.memory()
        ? line("%.1f MB (%.1f to %.1f)", mb(figure.median()), mb(figure.min()), mb(figure.max()))
        : line("%d ms (%d to %d)", figure.median(), figure.min(), figure.max());
  }

  private static double mb(long kib) {
    return kib / KIB_PER_MB;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
