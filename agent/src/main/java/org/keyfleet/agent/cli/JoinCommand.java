package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.keyfleet.agent.config.AgentConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code keyfleet-agent join GROUP}: asks for a registration and waits for its outcome. */
final class JoinCommand implements ConfiguredCommand {
  private static final String WAIT = "--wait";
  private static final int WAIT_SECONDS = 30;
  private static final long LOOK_MILLIS = 100;

  @Override
  public CommandSpec spec() {
    return GroupArgument.spec(
            "join",
            "Registers with a group of the configuration at once: after it was left or refused, or to see why it is no member.")
        .addOption(
            OptionSpec.builder(WAIT)
                .type(int.class)
                .paramLabel("SECONDS")
                .description("How long to wait for the outcome; default " + WAIT_SECONDS + ".")
                .build());
  }

  @Override
  public void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CommandFailedException, InterruptedException {
    String group = GroupArgument.of(arguments);
    int seconds = arguments.matchedOptionValue(WAIT, WAIT_SECONDS);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Asking.ask(config, GroupArgument.request("join", group));
    while (!isMember(config, group)) {
      if (System.nanoTime() - end >= 0) {
        throw new CommandFailedException(
            ExitCode.NOT_REACHABLE,
            group + ": no answer from the server in " + seconds + " s; the agent goes on asking");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    out.println(group + ": member");
  }

  /** False while it is not decided. */
  private static boolean isMember(AgentConfig config, String group) throws CommandFailedException {
    JsonObject status = find(Asking.ask(config, Asking.command("status")), group);
    String state = status.getString("state", "");
    String why = group + ": " + status.getString("trouble", state);
    return switch (state) {
      case "member" -> true;
      case "refused", "excluded" -> throw new CommandFailedException(ExitCode.REFUSED, why);
      case "waiting" ->
          throw new CommandFailedException(exitCode(status), why + "; the agent goes on asking");
      case "idle", "leaving" -> throw new CommandFailedException(ExitCode.FAILED, why);
      default -> false;
    };
  }

  private static ExitCode exitCode(JsonObject status) {
    return switch (status.getString("failure", "")) {
      case "NOT_REACHABLE" -> ExitCode.NOT_REACHABLE;
      case "TOKEN" -> ExitCode.TOKEN;
      case "UNPROVED_REFUSAL" -> ExitCode.REFUSED;
      default -> ExitCode.FAILED;
    };
  }

  private static JsonObject find(JsonObject answer, String name) throws CommandFailedException {
    JsonArray groups = answer.getArray("groups", new JsonArray());
    for (int i = 0; i < groups.size(); i++) {
      if (groups.getObject(i).getString("name", "").equals(name)) {
        return groups.getObject(i);
      }
    }
    throw new CommandFailedException(ExitCode.FAILED, name + ": the agent does not know it");
  }
}
