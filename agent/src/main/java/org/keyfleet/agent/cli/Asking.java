package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonObject;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.control.ControlClient;
import org.keyfleet.transport.TransportException;

/** Asks the running agent and turns a refusal into the command's exit code. */
final class Asking {
  private Asking() {}

  static JsonObject ask(AgentConfig config, JsonObject request) throws CommandFailedException {
    try (ControlClient client = ControlClient.connect(config.controlSocket())) {
      JsonObject answer = client.ask(request);
      if (answer.getBoolean("ok", false)) {
        return answer;
      }
      ExitCode exitCode = ExitCode.ofCode(answer.getInt("exit", ExitCode.FAILED.code()));
      throw new CommandFailedException(exitCode, answer.getString("error", "the agent refused"));
    } catch (TransportException e) {
      throw new CommandFailedException(
          ExitCode.NOT_REACHABLE, OneLine.of(e) + "; is 'keyfleet-agent run' running?");
    }
  }

  static JsonObject command(String name) {
    JsonObject request = new JsonObject();
    request.put("command", name);
    return request;
  }
}
