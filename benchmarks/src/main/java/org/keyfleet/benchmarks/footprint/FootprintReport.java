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
  private record Row(
      String key, String label, Figure plain, Figure tls, Figure floor, boolean memory) {}

  private static final double KIB_PER_MB = 1000_000.0 / 1024;

  private final List<Row> rows = new ArrayList<>();
  private final JsonObject json = new JsonObject();

  private final List<Sample> plain;
  private final List<Sample> tls;
  private final List<Sample> floors;

  private FootprintReport(List<Sample> plain, List<Sample> tls, List<Sample> floors) {
    this.plain = plain;
    this.tls = tls;
    this.floors = floors;
  }

  static FootprintReport of(
      DeviceRuntime runtime,
      List<Sample> plain,
      List<Sample> tls,
      List<Sample> floors,
      int idleSeconds)
      throws IOException {
    FootprintReport report = new FootprintReport(plain, tls, floors);
    report.row("rssKib", "resident (RSS)", sample -> sample.memory().rss(), true);
    report.row("pssKib", "proportional (PSS)", sample -> sample.memory().pss(), true);
    report.row("anonymousKib", "anonymous", sample -> sample.memory().anonymous(), true);
    report.row("readyMillis", "start to ready", Sample::readyMillis, false);
    report.row("multicastMillis", "to member, multicast", Sample::multicastMillis, false);
    report.row("joinedMillis", "to member, MQTT too", Sample::joinedMillis, false);
    report.row("cpuMillis", "processor time until then", Sample::cpuMillis, false);
    report.fill(runtime, floors.size(), idleSeconds);
    return report;
  }

  private void row(String key, String label, ToLongFunction<Sample> value, boolean memory) {
    rows.add(
        new Row(
            key,
            label,
            Figure.of(plain, value),
            Figure.of(tls, value),
            Figure.of(floors, value),
            memory));
  }

  private void fill(DeviceRuntime runtime, int starts, int idleSeconds) throws IOException {
    JsonObject agent = new JsonObject();
    JsonObject agentTls = new JsonObject();
    JsonObject floor = new JsonObject();
    JsonObject ratio = new JsonObject();
    JsonObject ratioTls = new JsonObject();
    for (Row row : rows) {
      agent.put(row.key(), row.plain().json());
      agentTls.put(row.key(), row.tls().json());
      floor.put(row.key(), row.floor().json());
      if (row.memory()) {
        ratio.put(row.key(), row.plain().ratioTo(row.floor()));
        ratioTls.put(row.key(), row.tls().ratioTo(row.floor()));
      }
    }
    JsonObject octets = new JsonObject();
    octets.put("jar", runtime.jarOctets());
    octets.put("archive", runtime.archiveOctets());
    octets.put("runtime", runtime.octets());
    json.put("starts", starts);
    json.put("idleSeconds", idleSeconds);
    json.put("agent", agent);
    json.put("agentWithMqttTls", agentTls);
    json.put("hello", floor);
    json.put("ratio", ratio);
    json.put("ratioWithMqttTls", ratioTls);
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
    out.println(
        line(
            "%-26s %24s %26s %6s %26s %6s",
            "", "bare Hello", "agent, MQTT", "ratio", "agent, MQTT with TLS", "ratio"));
    for (Row row : rows) {
      out.println(
          line(
              "%-26s %24s %26s %6s %26s %6s",
              row.label(),
              text(row, row.floor()),
              text(row, row.plain()),
              ratio(row, row.plain()),
              text(row, row.tls()),
              ratio(row, row.tls())));
    }
    JsonObject octets = json.getObject("octets");
    out.println(
        line(
            "octets: agent jar %,d; class-data archive %,d; whole runtime with both %,d",
            octets.getLong("jar"), octets.getLong("archive"), octets.getLong("runtime")));
  }

  private static String ratio(Row row, Figure agent) {
    return row.memory() ? line("%.2f", agent.ratioTo(row.floor())) : "";
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
