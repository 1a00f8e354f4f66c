package org.keyfleet.gcks.cli;

import com.grack.nanojson.JsonObject;
import picocli.CommandLine.Model.CommandSpec;

/** {@code group list}, {@code group log} and {@code rekey}. */
final class GroupCommands {
  private GroupCommands() {}

  static CommandSpec spec(Terminal terminal) {
    CommandSpec group = Verbs.group("group", "Groups of the running server.", terminal);
    group.addSubcommand("list", list(terminal));
    group.addSubcommand("log", log(terminal));
    return group;
  }

  static CommandSpec rekey(Terminal terminal) {
    return Verbs.configured(
            "rekey",
            "Replaces the keys of a group's SAs at once.",
            terminal,
            spec -> {
              JsonObject request = Verbs.request("rekey");
              request.put("group", Verbs.parameter(spec, 0));
              Verbs.call(spec, request);
            })
        .addPositional(Verbs.parameter(0, "GROUP", "name of the group"));
  }

  private static CommandSpec list(Terminal terminal) {
    return Verbs.configured(
            "list",
            "Lists the groups.",
            terminal,
            spec -> {
              JsonObject answer = Verbs.call(spec, Verbs.request("groups"));
              if (Verbs.isSet(spec, Verbs.JSON)) {
                Verbs.printJson(terminal, answer);
              } else {
                ReadCommands.printGroups(terminal, answer.getArray("groups"));
              }
            })
        .addOption(Verbs.flag(Verbs.JSON, "as JSON"));
  }

  private static CommandSpec log(Terminal terminal) {
    return Verbs.configured(
            "log",
            "Shows the last rekey messages of a group.",
            terminal,
            spec -> {
              JsonObject request = Verbs.request("log");
              request.put("group", Verbs.parameter(spec, 0));
              JsonObject answer = Verbs.call(spec, request);
              if (Verbs.isSet(spec, Verbs.JSON)) {
                Verbs.printJson(terminal, answer);
                return;
              }
              for (Object each : answer.getArray("rekeys")) {
                JsonObject row = (JsonObject) each;
                terminal
                    .out()
                    .printf(
                        "%s message %d: %s, %d octets, %d wraps%n",
                        row.getString("spi"),
                        row.getLong("messageId"),
                        row.getString("reason"),
                        row.getInt("octets"),
                        row.getInt("wraps"));
              }
            })
        .addOption(Verbs.flag(Verbs.JSON, "as JSON"))
        .addPositional(Verbs.parameter(0, "GROUP", "name of the group"));
  }
}
