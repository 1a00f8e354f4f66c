package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.TokenSetup;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.pki.Pem;
import org.keyfleet.protocol.suite.SigningException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code keyfleet-agent init}: token, identity key and the request for its certificate. */
final class InitCommand implements ConfiguredCommand {
  private static final String CSR = "--csr";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("init");
    spec.usageMessage()
        .description(
            "Makes the token and the identity key in it, where they are missing, and writes the request for the key's certificate.");
    return spec.addOption(
        OptionSpec.builder(CSR)
            .type(Path.class)
            .paramLabel("FILE")
            .description("Where the request goes; default: standard output.")
            .build());
  }

  @Override
  public void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CustodyException, CommandFailedException, IOException {
    Path file = arguments.matchedOptionValue(CSR, null);
    OutputFile.require(Optional.ofNullable(file), CSR); // before anything is made
    SecureRandom random = new SecureRandom();
    AgentToken token = new AgentToken(config.token(), random);
    TokenSetup.Outcome outcome;
    try {
      outcome = new TokenSetup(token, random).run(config.memberId());
    } catch (SigningException e) {
      throw new CommandFailedException(
          ExitCode.TOKEN, "token " + token.label() + " did not sign: " + e.getMessage());
    }
    Files.createDirectories(config.stateDirectory());
    String pem = Pem.encode("CERTIFICATE REQUEST", outcome.certificationRequest());
    if (file == null) {
      out.print(pem);
      return;
    }
    Files.writeString(file, pem);
    out.println("token " + token.label() + (outcome.tokenMade() ? " made" : " was there"));
    out.println("identity key " + (outcome.identityMade() ? "made" : "was there"));
    out.println("request for its certificate in " + file);
  }
}
