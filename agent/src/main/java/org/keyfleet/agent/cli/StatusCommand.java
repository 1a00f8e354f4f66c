package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.config.AgentConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code keyfleet-agent status}: the groups of the running agent and what keeps them from working.
 */
final class StatusCommand implements ConfiguredCommand {
  private static final String JSON = "--json";
  private static final String PRESENT = "present";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("status");
    spec.usageMessage().description("Shows the running agent's groups, token and links.");
    return spec.addOption(OptionSpec.builder(JSON).description("As one JSON object.").build());
  }

  @Override
  public void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CommandFailedException {
    JsonObject answer = Asking.ask(config, Asking.command("status"));
    if (arguments.hasMatchedOption(JSON)) {
      out.println(JsonWriter.string(answer));
      return;
    }
    out.println(
        "member "
            + config.memberId()
            + ", token "
            + answer.getString("token", "-")
            + " ("
            + answer.getString("custody", "-")
            + ")");
    token(out, answer.getString("tokenState", PRESENT), answer.getString("tokenTrouble"));
    JsonArray groups = answer.getArray("groups", new JsonArray());
    for (int i = 0; i < groups.size(); i++) {
      JsonObject group = groups.getObject(i);
      out.println(
          "group "
              + group.getString("name", "?")
              + ": "
              + group.getString("state", "?")
              + " over "
              + group.getString("transport", "?")
              + ", "
              + group.getLong("rekeysApplied", 0)
              + " rekeys applied, last Message ID "
              + group.getLong("lastMessageId", -1));
      trouble(out, "last failure", group.getString("trouble"));
      trouble(out, "link", group.getString("linkTrouble"));
      JsonArray links = group.getArray("links", new JsonArray());
      for (int j = 0; j < links.size(); j++) {
        trouble(out, "link", links.getString(j));
      }
    }
  }

  private static void token(PrintStream out, String state, @Nullable String text) {
    if (!state.equals(PRESENT)) {
      trouble(out, "token is " + state, text == null ? "see the log" : text);
    }
  }

  private static void trouble(PrintStream out, String what, @Nullable String text) {
    if (text != null) {
      out.println("  " + what + ": " + text);
    }
  }
}
