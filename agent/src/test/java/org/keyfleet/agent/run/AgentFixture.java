package org.keyfleet.agent.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.AuthenticationSettings;
import org.keyfleet.agent.config.GcksSettings;
import org.keyfleet.agent.config.GroupSettings;
import org.keyfleet.agent.config.GroupTransport;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.TokenSetup;
import org.keyfleet.hsm.KeyCustody;

/** A device's files: a soft token with an identity, a secret, a configuration of one group. */
final class AgentFixture {
  static final GroupSettings GROUP =
      new GroupSettings(
          "fleet",
          GroupTransport.MULTICAST,
          Optional.of("lo"),
          true,
          1,
          false,
          8_000,
          Optional.empty(),
          Optional.empty(),
          Duration.ZERO);

  final Path directory;
  final AgentConfig config;

  AgentFixture(Path directory, int gcksPort) throws Exception {
    this.directory = directory;
    SecureRandom random = new SecureRandom();
    TokenSettings token =
        new TokenSettings(
            TokenKind.SOFT,
            directory.resolve("keys.soft"),
            "stb-1",
            Optional.of(secretFile("pin", "123456")),
            Optional.empty());
    new TokenSetup(new AgentToken(token, random), random).run("stb-1.example");
    this.config =
        new AgentConfig(
            "stb-1.example",
            directory.resolve("state"),
            directory.resolve("control"),
            false,
            token,
            new AuthenticationSettings.PresharedKey(secretFile("psk", "a shared secret")),
            new GcksSettings(
                "gcks.example",
                Optional.empty(),
                Optional.of("127.0.0.1"),
                gcksPort,
                gcksPort,
                Optional.of("127.0.0.1"),
                0,
                0),
            Optional.empty(),
            List.of(GROUP),
            Optional.empty());
  }

  /** The token; the thread that calls this owns it. */
  KeyCustody openToken() throws Exception {
    return new AgentToken(config.token(), new SecureRandom()).open();
  }

  private Path secretFile(String name, String secret) throws Exception {
    Path file = Files.writeString(directory.resolve(name), secret + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
