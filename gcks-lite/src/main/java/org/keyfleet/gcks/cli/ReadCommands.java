package org.keyfleet.gcks.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.time.Instant;
import picocli.CommandLine.Model.CommandSpec;

/** {@code status} and {@code audit}. */
final class ReadCommands {
  private ReadCommands() {}

  static CommandSpec status(Terminal terminal) {
    return Verbs.configured(
            "status",
            "Shows the running server, its links and its groups.",
            terminal,
            spec -> {
              JsonObject answer = Verbs.call(spec, Verbs.request("status"));
              if (Verbs.isSet(spec, Verbs.JSON)) {
                Verbs.printJson(terminal, answer);
              } else {
                print(terminal, answer);
              }
            })
        .addOption(Verbs.flag(Verbs.JSON, "as JSON"));
  }

  static CommandSpec audit(Terminal terminal) {
    return Verbs.configured(
            "audit",
            "Shows the last lines of the audit trail.",
            terminal,
            spec -> {
              JsonObject answer = Verbs.call(spec, Verbs.request("audit"));
              if (Verbs.isSet(spec, Verbs.JSON)) {
                Verbs.printJson(terminal, answer);
                return;
              }
              for (Object each : answer.getArray("audit")) {
                JsonObject line = (JsonObject) each;
                terminal
                    .out()
                    .printf(
                        "%s %s %s %s%n",
                        Instant.ofEpochMilli(line.getLong("atMillis")),
                        line.getString("group"),
                        line.getString("event"),
                        line.getString("detail"));
              }
            })
        .addOption(Verbs.flag(Verbs.JSON, "as JSON"));
  }

  private static void print(Terminal terminal, JsonObject status) {
    JsonObject custody = status.getObject("custody");
    terminal
        .out()
        .printf(
            "%s: custody %s %s, %d IKE SAs (%d half-open), %d datagrams dropped%n",
            status.getString("identity"),
            custody.getString("level"),
            custody.getString("state"),
            status.getInt("ikeSas"),
            status.getInt("halfOpen"),
            status.getLong("dropped"));
    for (Object each : status.getArray("links")) {
      JsonObject link = (JsonObject) each;
      terminal
          .out()
          .printf(
              "  %-12s %s %s %s%n",
              link.getString("use"),
              link.getString("name"),
              link.getString("state"),
              link.getString("detail"));
    }
    printGroups(terminal, status.getArray("groups"));
  }

  static void printGroups(Terminal terminal, JsonArray groups) {
    for (Object each : groups) {
      JsonObject group = (JsonObject) each;
      JsonObject rekey = group.getObject("rekeySa");
      terminal
          .out()
          .printf(
              "  group %s: %d members, epoch %d%s%n",
              group.getString("name"),
              group.getInt("members"),
              group.getLong("epoch"),
              rekey == null
                  ? ""
                  : ", Rekey SA "
                      + rekey.getString("spi")
                      + " next message "
                      + rekey.getLong("nextMessageId")
                      + " for "
                      + rekey.getLong("expiresInSeconds")
                      + " s");
    }
  }
}
