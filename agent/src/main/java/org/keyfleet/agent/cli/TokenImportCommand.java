package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.AuthenticationSettings;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.registration.OwnCertificate;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.CertificateImport;
import org.keyfleet.agent.token.ReplacedFile;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code keyfleet-agent token import-cert}: takes the certificate of the identity key. */
final class TokenImportCommand implements TokenVerb {
  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "import-cert",
            "Checks a certificate chain (PEM, the member's own certificate first) against the identity key in the token, the"
                + " clock and the member's name, and keeps it: the certificate in the token, the chain in the file that the"
                + " configuration names in certificate-chain. A wrong one changes nothing.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .index("0")
            .arity("1")
            .required(true)
            .type(Path.class)
            .description("The chain.")
            .build());
    return TokenOptions.token(spec);
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    Path file = call.arguments().matchedPositionalValue(0, Path.of(""));
    Optional<AgentConfig> config = call.config();
    String pem = Files.readString(file);
    AgentToken token = call.token();
    try (KeyCustody custody = token.open()) {
      KeyRef identity =
          custody
              .find(AgentToken.IDENTITY)
              .orElseThrow(
                  () ->
                      new CustodyException(
                          CustodyFault.NO_KEY,
                          "token "
                              + token.label()
                              + " holds no identity key: run token csr and have its request"
                              + " certified"));
      CertificateChain chain = CertificateChain.ofPem(pem);
      X509Certificate own =
          CertificateImport.checked(chain, custody.publicKeyInfo(identity), Instant.now());
      if (config.isPresent()) {
        requireName(chain, config.get().memberId());
      }
      custody.storeCertificate(identity, chain.leaf());
      out.println("certificate stored in token " + token.label() + " with its key");
      out.println("  valid until " + own.getNotAfter().toInstant());
      Optional<Path> target = config.flatMap(TokenImportCommand::chainFile);
      if (target.isPresent()) {
        ReplacedFile.write(target.get(), pem);
        out.println("chain written to " + target.get());
      }
    } catch (MalformedMessageException e) {
      throw new CommandFailedException(
          ExitCode.FAILED, file + ": " + e.getMessage() + "; nothing has changed");
    }
  }

  /** The agent would not start with another name's. */
  private static void requireName(CertificateChain chain, String memberId)
      throws MalformedMessageException {
    List<String> names = OwnCertificate.of(chain).names();
    if (names.stream().noneMatch(memberId::equalsIgnoreCase)) {
      throw new MalformedMessageException(
          "it is for " + names + ", but agent.id is " + memberId + ": certify that name");
    }
  }

  private static Optional<Path> chainFile(AgentConfig config) {
    return config.authentication() instanceof AuthenticationSettings.Certificate certificate
        ? Optional.of(certificate.chain())
        : Optional.empty();
  }
}
