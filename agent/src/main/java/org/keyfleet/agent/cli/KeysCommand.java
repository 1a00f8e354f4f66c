package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.util.TreeSet;
import org.keyfleet.agent.config.AgentConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code keyfleet-agent keys}: which keys the agent holds; never their octets, unless it was
 * configured for it.
 */
final class KeysCommand implements ConfiguredCommand {
  private static final String EXPORT = "--insecure-export";
  private static final String JSON = "--json";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("keys");
    spec.usageMessage()
        .description("Lists SPIs, Key IDs and lifetimes of the running agent's keys.");
    return spec.addOption(OptionSpec.builder(JSON).description("As one JSON object.").build())
        .addOption(
            OptionSpec.builder(EXPORT)
                .description(
                    "With traffic keys; needs allow-keys-export in the configuration. For debugging only.")
                .build());
  }

  @Override
  public void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CommandFailedException {
    JsonObject request = Asking.command("keys");
    request.put("export", arguments.hasMatchedOption(EXPORT));
    JsonObject answer = Asking.ask(config, request);
    if (arguments.hasMatchedOption(JSON)) {
      out.println(JsonWriter.string(answer));
      return;
    }
    JsonArray groups = answer.getArray("groups", new JsonArray());
    for (int i = 0; i < groups.size(); i++) {
      print(groups.getObject(i), out);
    }
    JsonObject exported = answer.getObject("insecureDataKeys", new JsonObject());
    for (String spi : new TreeSet<>(exported.keySet())) {
      out.println("insecure key of " + spi + ": " + exported.getString(spi, ""));
    }
  }

  private static void print(JsonObject group, PrintStream out) {
    out.println("group " + group.getString("group", "?"));
    if (group.has("rekeySpi")) {
      out.println(
          row("Rekey SA", group.getString("rekeySpi", ""), group.getLong("rekeySecondsLeft", -1)));
      out.println("  Key IDs   " + JsonWriter.string(group.getArray("keyPath", new JsonArray())));
    }
    JsonArray sas = group.getArray("dataSas", new JsonArray());
    for (int i = 0; i < sas.size(); i++) {
      JsonObject sa = sas.getObject(i);
      String line = row("data SA", sa.getString("spi", ""), sa.getLong("secondsLeft", -1));
      line += sa.getBoolean("sender", false) ? ", sends" : "";
      out.println(line + (sa.getBoolean("retiring", false) ? ", retiring" : ""));
    }
  }

  private static String row(String what, String spi, long secondsLeft) {
    String end = secondsLeft < 0 ? "without end" : "for " + secondsLeft + " s";
    return String.format("  %-9s %-32s %s", what, spi, end);
  }
}
