package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.transport.TransportException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code keyfleet-agent keys}: which keys the agent holds; never their octets, unless it was
 * configured for it.
 */
final class KeysCommand implements Command {
  private static final String EXPORT = "--insecure-export";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("keys");
    spec.usageMessage()
        .description("Lists SPIs, Key IDs and lifetimes of the keys in use, as JSON.");
    return spec.addOption(
        OptionSpec.builder(EXPORT)
            .description(
                "With traffic keys; needs allow-keys-export in the configuration. For debugging only.")
            .build());
  }

  @Override
  public void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CommandFailedException, TransportException {
    JsonObject request = Asking.command("keys");
    request.put("export", arguments.hasMatchedOption(EXPORT));
    out.println(JsonWriter.string(Asking.ask(config, request)));
  }
}
