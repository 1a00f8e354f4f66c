package org.keyfleet.agent.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The option {@code --config}, which each command has. */
final class ConfigOption {
  static final Path DEFAULT = Main.DEFAULT_CONFIG;

  private static final String NAME = "--config";

  private ConfigOption() {}

  static OptionSpec spec() {
    return OptionSpec.builder("-c", NAME)
        .type(Path.class)
        .paramLabel("FILE")
        .description("The configuration; default " + DEFAULT + ".")
        .build();
  }

  static Path of(ParseResult arguments) {
    return arguments.matchedOptionValue(NAME, DEFAULT);
  }

  static boolean isGiven(ParseResult arguments) {
    return arguments.hasMatchedOption(NAME);
  }
}
