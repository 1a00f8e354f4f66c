package org.keyfleet.agent.cli;

import java.io.PrintStream;
import java.util.Arrays;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenFlag;
import picocli.CommandLine.Model.CommandSpec;

/** {@code keyfleet-agent token unlock}: the PIN as the security officer sets it. */
final class TokenUnlockCommand implements TokenVerb {
  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "unlock",
            "Sets the PIN with the security officer's PIN (a card's PUK), also when it is locked: to the one of the configuration"
                + " or of --pin-file. Keys stay, and an agent that runs takes its token up again by itself.");
    TokenOptions.token(spec);
    TokenOptions.file(spec, TokenOptions.SO_PIN_FILE, "The security officer's PIN, or the PUK.");
    return TokenOptions.text(
        spec, TokenOptions.SO_PIN_ENV, "NAME", "The same from an environment variable.");
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException {
    AgentToken token = new AgentToken(call.settings(), call.random());
    CustodyConfig config = token.config();
    if (config instanceof CustodyConfig.Soft) {
      throw new CommandFailedException(
          ExitCode.USAGE, "a key file has no security officer: nobody can unlock it");
    }
    boolean pad = TokenAdmin.describe(config).is(TokenFlag.PROTECTED_AUTHENTICATION_PATH);
    char[] officer = pad ? new char[0] : token.securityOfficerPin().pin();
    char[] pin = new char[0];
    try {
      pin = pad ? pin : token.pin().pin();
      TokenAdmin.resetPin(config, officer, pin);
    } finally {
      Arrays.fill(officer, '\0');
      Arrays.fill(pin, '\0');
    }
    out.println("the PIN of token " + token.label() + " is set");
  }
}
