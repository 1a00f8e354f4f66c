package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonObject;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The argument GROUP of the commands that are about one group. */
final class GroupArgument {
  private GroupArgument() {}

  static CommandSpec spec(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().description(description);
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("GROUP")
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .description("The group's name in the configuration.")
            .build());
  }

  static String of(ParseResult arguments) {
    return arguments.matchedPositionalValue(0, "");
  }

  static JsonObject request(String command, String group) {
    JsonObject request = Asking.command(command);
    request.put("group", group);
    return request;
  }
}
