package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.hsm.CustodyException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code keyfleet-agent token}: the life of a token, from a blank one to a wiped one; alone it is
 * {@code token info}.
 */
final class TokenCommand implements Command {
  private final TokenVerb alone = new TokenInfoCommand();
  private final List<TokenVerb> verbs =
      List.of(
          new TokenListCommand(),
          alone,
          new TokenInitCommand(),
          new TokenCsrCommand(),
          new TokenImportCommand(),
          new TokenPinCommand(),
          new TokenUnlockCommand(),
          new TokenTestCommand(),
          new TokenWipeCommand());

  @Override
  public CommandSpec spec() {
    CommandSpec spec = alone.spec().name("token");
    spec.usageMessage()
        .description(
            "The life of the token: find it, make it, certify its key, test it, wipe it. Without a command: as 'token info'.");
    for (TokenVerb verb : verbs) {
      CommandSpec sub = verb.spec();
      spec.addSubcommand(sub.name(), sub);
    }
    return spec;
  }

  @Override
  public void run(ParseResult arguments, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    if (!arguments.hasSubcommand()) {
      alone.run(new TokenCall(arguments), out);
      return;
    }
    if (!arguments.matchedOptions().isEmpty()) {
      throw new CommandFailedException(
          ExitCode.USAGE, "options of token come behind the command's name: see token --help");
    }
    ParseResult verb = arguments.subcommand();
    String name = verb.commandSpec().name();
    for (TokenVerb candidate : verbs) {
      if (candidate.spec().name().equals(name)) {
        candidate.run(new TokenCall(verb), out);
        return;
      }
    }
    throw new IllegalStateException("a command without code: token " + name);
  }
}
