package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.TreeSet;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.TokenReport;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.transport.TransportException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code keyfleet-agent token}: what the token can do, measured now, and the keys it holds. */
final class TokenCommand implements Command {
  private static final String JSON = "--json";
  private static final String RUNNING = "--running";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("token");
    spec.usageMessage()
        .description(
            "Opens the token, measures what it can do and lists its Keyfleet keys with their attributes.");
    return spec.addOption(OptionSpec.builder(JSON).description("As one JSON object.").build())
        .addOption(
            OptionSpec.builder(RUNNING)
                .description(
                    "Asks the running agent instead: its session keys, which nobody else sees, are listed too.")
                .build());
  }

  @Override
  public void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CommandFailedException, CustodyException, TransportException {
    JsonObject found =
        arguments.hasMatchedOption(RUNNING)
            ? Asking.ask(config, Asking.command("token"))
            : opened(config);
    if (arguments.hasMatchedOption(JSON)) {
      out.println(JsonWriter.string(found));
    } else {
      print(found, out);
    }
  }

  private static JsonObject opened(AgentConfig config) throws CustodyException {
    AgentToken token = new AgentToken(config.token(), new SecureRandom());
    try (KeyCustody custody = token.open()) {
      return TokenReport.of(token.label(), custody);
    }
  }

  private static void print(JsonObject found, PrintStream out) {
    boolean enforced = found.getBoolean("rolesEnforcedByToken", false);
    out.println(
        "token "
            + found.getString("token", "")
            + ": custody level "
            + found.getString("level", ""));
    out.println("roles of keys are enforced by " + (enforced ? "the token" : "this program"));
    JsonObject notes = found.getObject("notes", new JsonObject());
    for (String name : new TreeSet<>(notes.keySet())) {
      out.println("  " + name + ": " + notes.getString(name, ""));
    }
    JsonArray keys = found.getArray("keys", new JsonArray());
    for (int i = 0; i < keys.size(); i++) {
      JsonObject key = keys.getObject(i);
      out.println(
          "  "
              + key.getString("name", "")
              + " "
              + key.getString("role", "")
              + " "
              + key.getString("lifetime", "")
              + " "
              + JsonWriter.string(key.getArray("flags")));
    }
  }
}
