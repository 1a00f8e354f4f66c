package org.keyfleet.agent.cli;

import java.io.PrintStream;
import java.util.Optional;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.TokenSetup;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import picocli.CommandLine.Model.CommandSpec;

/** {@code keyfleet-agent token init}: makes a token out of a blank one. */
final class TokenInitCommand implements TokenVerb {
  private static final String LABEL = "--label";
  private static final int MAX_LABEL_CHARS = 32;

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "init",
            "Makes a token out of the first blank one, or of the blank one that --token names: label, security officer's PIN,"
                + " PIN. Never touches a token that is initialised. With kind = \"soft\": makes the key file.");
    TokenOptions.text(
        spec, LABEL, "LABEL", "The new token's label; default: the configuration's or the URI's.");
    TokenOptions.token(spec);
    TokenOptions.file(
        spec, TokenOptions.SO_PIN_FILE, "The security officer's PIN, which resets the other one.");
    return TokenOptions.text(
        spec, TokenOptions.SO_PIN_ENV, "NAME", "The same from an environment variable.");
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException {
    TokenSettings settings = labelled(call.settings(), call.text(LABEL));
    AgentToken token = new AgentToken(settings, call.random());
    if (!new TokenSetup(token, call.random()).initialize()) {
      throw new CustodyException(
          CustodyFault.EXISTS,
          "token "
              + token.label()
              + " exists and is left as it is: take another label, or go on with token csr");
    }
    out.println("token " + token.label() + " made");
    DescribedToken.print(TokenAdmin.describe(made(token.config())), out);
  }

  /** By its label: a library may have given it another slot. */
  private static CustodyConfig made(CustodyConfig config) {
    if (config instanceof CustodyConfig.Pkcs11 pkcs11) {
      Pkcs11Uri uri = pkcs11.uri();
      return new CustodyConfig.Pkcs11(
          Pkcs11Uri.ofToken(uri.modulePath().orElseThrow(), uri.token().orElseThrow()));
    }
    return config;
  }

  private static TokenSettings labelled(TokenSettings settings, Optional<String> label)
      throws CommandFailedException {
    if (settings.kind() != TokenKind.PKCS11) {
      if (label.isPresent()) {
        String what = settings.kind() == TokenKind.CARD ? "a card" : "a key file";
        throw new CommandFailedException(ExitCode.USAGE, LABEL + ": " + what + " has no label");
      }
      return settings;
    }
    Pkcs11Uri uri =
        settings
            .uri()
            .orElseGet(() -> Pkcs11Uri.ofToken(settings.location().toString(), settings.label()));
    boolean named = settings.uri().flatMap(Pkcs11Uri::token).isPresent();
    if (named && label.isPresent() && !label.equals(uri.token())) {
      throw new CommandFailedException(
          ExitCode.USAGE,
          "the URI names token " + uri.token().orElseThrow() + " already: leave out " + LABEL);
    }
    Pkcs11Uri wanted = label.isPresent() ? uri.withToken(label.get()) : uri;
    String text = wanted.token().orElse("");
    if (text.isEmpty()
        || text.length() > MAX_LABEL_CHARS
        || !text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw new CommandFailedException(
          ExitCode.USAGE,
          "the new token needs a label of 1 to "
              + MAX_LABEL_CHARS
              + " ASCII characters: give it with "
              + LABEL);
    }
    return TokenSettings.ofUri(
        wanted,
        settings.pinFile(),
        settings.securityOfficerPinFile(),
        settings.pinVariable(),
        settings.securityOfficerPinVariable());
  }
}
