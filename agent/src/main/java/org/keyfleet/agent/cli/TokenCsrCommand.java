package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.TokenSetup;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.protocol.pki.Pem;
import org.keyfleet.protocol.suite.SigningException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code keyfleet-agent token csr}: the request for the certificate of the identity key. */
final class TokenCsrCommand implements TokenVerb {
  private static final String ALGORITHM = "--algorithm";
  private static final String NAME = "--name";
  private static final String OUT = "--out";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "csr",
            "Writes a PKCS#10 request for the certificate of the identity key, signed in the token; makes the key if there is"
                + " none. One that is there stays.");
    TokenOptions.text(
        spec,
        ALGORITHM,
        "p256|ed25519",
        "Of a key that is made; default p256, which strict custody needs.");
    TokenOptions.text(
        spec,
        NAME,
        "NAME",
        "The member's domain name or mail address; default: agent.id of the configuration.");
    TokenOptions.file(spec, OUT, "Where the request goes; default: standard output.");
    return TokenOptions.token(spec);
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    IdentityAlgorithm algorithm = algorithm(call.text(ALGORITHM).orElse("p256"));
    String name = name(call);
    Optional<Path> file = call.path(OUT);
    OutputFile.require(file, OUT); // before anything is made
    AgentToken token = call.token();
    TokenSetup.Outcome outcome;
    try {
      outcome = new TokenSetup(token, call.random()).request(name, algorithm);
    } catch (SigningException e) {
      throw new CommandFailedException(
          ExitCode.TOKEN, "token " + token.label() + " did not sign: " + e.getMessage());
    }
    String pem = Pem.encode("CERTIFICATE REQUEST", outcome.certificationRequest());
    if (file.isEmpty()) {
      out.print(pem);
      return;
    }
    Files.writeString(file.get(), pem);
    out.println("identity key " + (outcome.identityMade() ? "made" : "was there"));
    out.println("request for its certificate, as " + name + ", in " + file.get());
  }

  private static IdentityAlgorithm algorithm(String word) throws CommandFailedException {
    for (IdentityAlgorithm algorithm : IdentityAlgorithm.values()) {
      if (algorithm.name().toLowerCase(Locale.ROOT).equals(word)) {
        return algorithm;
      }
    }
    throw new CommandFailedException(ExitCode.USAGE, ALGORITHM + " takes p256 or ed25519");
  }

  private static String name(TokenCall call) throws CommandFailedException, ConfigException {
    Optional<String> given = call.text(NAME);
    String name =
        given.isPresent() ? given.get() : call.config().map(AgentConfig::memberId).orElse("");
    if (name.isEmpty() || name.startsWith("key-id:")) {
      throw new CommandFailedException(
          ExitCode.USAGE,
          "a certificate is for a domain name or a mail address: give it with " + NAME);
    }
    return name;
  }
}
