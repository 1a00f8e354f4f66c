package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.config.TokenSettings;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.PinChange;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.PinSource;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenFlag;
import picocli.CommandLine.Model.CommandSpec;

/** {@code keyfleet-agent token change-pin}. */
final class TokenPinCommand implements TokenVerb {
  private static final String NEW_FILE = "--new-pin-file";
  private static final String NEW_ENV = "--new-pin-env";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "change-pin",
            "Replaces the PIN. Where the old one comes from a file, the file gets the new one, in one step: FILE.new is written"
                + " first, and whatever FILE and FILE.new a crash leaves, the next start or change-pin finds the one that the"
                + " token has. The new PIN is asked for twice unless an option names it; a token with a pad of its own asks"
                + " for both itself.");
    TokenOptions.token(spec);
    TokenOptions.file(spec, NEW_FILE, "The new PIN is the first line of this file.");
    return TokenOptions.text(
        spec, NEW_ENV, "NAME", "The new PIN is the value of this environment variable.");
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    Optional<Path> file = call.path(NEW_FILE);
    Optional<String> variable = call.text(NEW_ENV);
    TokenCall.requireOne(file, variable, NEW_FILE, NEW_ENV);
    TokenSettings settings = call.settings();
    AgentToken token = new AgentToken(settings, call.random());
    PinSource fresh =
        file.map(PinSource::file)
            .or(() -> variable.map(PinSource::environment))
            .orElseGet(() -> PinSource.promptNew("token " + token.label()));
    boolean pad = TokenAdmin.describe(token.config()).is(TokenFlag.PROTECTED_AUTHENTICATION_PATH);
    new PinChange(token, call.random()).run(fresh, pad);
    out.println("the PIN of token " + token.label() + " is changed");
    settings.pinFile().ifPresent(path -> out.println("  " + path + " holds the new one"));
    settings
        .pinVariable()
        .ifPresent(name -> out.println("  set " + name + " to the new one where the agent starts"));
  }
}
