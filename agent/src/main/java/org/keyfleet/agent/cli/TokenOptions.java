package org.keyfleet.agent.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of the commands under {@code token}, each with one meaning everywhere. */
final class TokenOptions {
  static final String TOKEN = "--token";
  static final String MODULE = "--module";
  static final String PIN_FILE = "--pin-file";
  static final String PIN_ENV = "--pin-env";
  static final String SO_PIN_FILE = "--so-pin-file";
  static final String SO_PIN_ENV = "--so-pin-env";
  static final String JSON = "--json";

  private TokenOptions() {}

  static CommandSpec spec(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().description(description);
    return spec;
  }

  /** Which token, and its PIN. */
  static CommandSpec token(CommandSpec spec) {
    text(
        spec,
        TOKEN,
        "URI",
        "The token, a PKCS#11 URI (RFC 7512) as 'token list' prints it, in place of the one of the"
            + " configuration. pin-source=file:/path may say where the PIN is; the configuration's"
            + " PIN is not used for it.");
    module(spec);
    file(spec, PIN_FILE, "The PIN is the first line of this file.");
    text(spec, PIN_ENV, "NAME", "The PIN is the value of this environment variable.");
    return spec;
  }

  static CommandSpec module(CommandSpec spec) {
    return path(spec, MODULE, "LIBRARY", "The PKCS#11 library, if the URI does not name it.");
  }

  static CommandSpec json(CommandSpec spec) {
    return flag(spec, JSON, "As one JSON object.");
  }

  static CommandSpec flag(CommandSpec spec, String name, String description) {
    return spec.addOption(OptionSpec.builder(name).description(description).build());
  }

  static CommandSpec file(CommandSpec spec, String name, String description) {
    return path(spec, name, "FILE", description);
  }

  static CommandSpec path(CommandSpec spec, String name, String label, String description) {
    return spec.addOption(
        OptionSpec.builder(name)
            .type(Path.class)
            .paramLabel(label)
            .description(description)
            .build());
  }

  static CommandSpec text(CommandSpec spec, String name, String label, String description) {
    return spec.addOption(
        OptionSpec.builder(name)
            .type(String.class)
            .paramLabel(label)
            .description(description)
            .build());
  }
}
