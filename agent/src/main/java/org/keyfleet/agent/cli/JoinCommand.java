package org.keyfleet.agent.cli;

import java.io.PrintStream;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.transport.TransportException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code keyfleet-agent join GROUP}. */
final class JoinCommand implements Command {
  @Override
  public CommandSpec spec() {
    return GroupArgument.spec(
        "join", "Registers with a group of the configuration again, after it was left or refused.");
  }

  @Override
  public void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CommandFailedException, TransportException {
    String group = GroupArgument.of(arguments);
    Asking.ask(config, GroupArgument.request("join", group));
    out.println(group + ": join done");
  }
}
