package org.keyfleet.agent.cli;

import java.io.PrintStream;
import org.keyfleet.agent.config.AgentConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code keyfleet-agent leave GROUP}. */
final class LeaveCommand implements ConfiguredCommand {
  @Override
  public CommandSpec spec() {
    return GroupArgument.spec(
        "leave", "Leaves a group: tells the server and wipes the group's keys.");
  }

  @Override
  public void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CommandFailedException {
    String group = GroupArgument.of(arguments);
    Asking.ask(config, GroupArgument.request("leave", group));
    out.println(group + ": leaving; idle in status when its keys are wiped");
  }
}
