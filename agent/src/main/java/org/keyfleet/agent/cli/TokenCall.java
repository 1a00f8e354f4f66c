package org.keyfleet.agent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.config.ConfigReader;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import picocli.CommandLine.ParseResult;

/**
 * What a command under {@code token} was called with: which token, and where its PIN is. A token
 * named on the command line never gets the configuration's PIN, which a wrong token would count.
 */
final class TokenCall {
  private final ParseResult arguments;
  private final SecureRandom random = new SecureRandom();

  TokenCall(ParseResult arguments) {
    this.arguments = arguments;
  }

  ParseResult arguments() {
    return arguments;
  }

  SecureRandom random() {
    return random;
  }

  boolean has(String option) {
    return arguments.hasMatchedOption(option);
  }

  Optional<Path> path(String option) {
    return Optional.ofNullable(arguments.matchedOptionValue(option, (Path) null));
  }

  Optional<String> text(String option) {
    return Optional.ofNullable(arguments.matchedOptionValue(option, (String) null));
  }

  /** Left out only if {@code --token} or {@code --module} stand in for it. */
  Optional<AgentConfig> config() throws ConfigException, CommandFailedException {
    if (ConfigOption.isGiven(arguments)) {
      return Optional.of(ConfigReader.read(ConfigOption.of(arguments)));
    }
    if (has(TokenOptions.TOKEN) || has(TokenOptions.MODULE)) {
      return Optional.empty();
    }
    if (Files.notExists(ConfigOption.DEFAULT)) {
      throw new CommandFailedException(
          ExitCode.USAGE,
          "which token? name the configuration with --config, or the token with --token (token"
              + " list --module LIBRARY shows them)");
    }
    return Optional.of(ConfigReader.read(ConfigOption.DEFAULT));
  }

  AgentToken token() throws ConfigException, CommandFailedException {
    return new AgentToken(settings(), random);
  }

  TokenSettings settings() throws ConfigException, CommandFailedException {
    Optional<AgentConfig> config = config();
    Optional<Path> pinFile = path(TokenOptions.PIN_FILE);
    Optional<String> pinVariable = text(TokenOptions.PIN_ENV);
    Optional<Path> officerFile = path(TokenOptions.SO_PIN_FILE);
    Optional<String> officerVariable = text(TokenOptions.SO_PIN_ENV);
    requireOne(pinFile, pinVariable, TokenOptions.PIN_FILE, TokenOptions.PIN_ENV);
    requireOne(officerFile, officerVariable, TokenOptions.SO_PIN_FILE, TokenOptions.SO_PIN_ENV);
    Optional<String> named = text(TokenOptions.TOKEN);
    if (named.isPresent()) {
      try {
        Pkcs11Uri uri = uri(named.get(), config);
        Optional<Path> source = uri.pinFile();
        return TokenSettings.ofUri(
                uri,
                pinVariable.isPresent() || pinFile.isPresent() ? pinFile : source,
                officerFile,
                pinVariable,
                officerVariable)
            .withKeyFile(keyFile(uri, config));
      } catch (IllegalArgumentException e) {
        throw new CommandFailedException(
            ExitCode.USAGE, TokenOptions.TOKEN + ": " + e.getMessage());
      }
    }
    TokenSettings was =
        config
            .map(AgentConfig::token)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        ExitCode.USAGE, "which token? name it with --token, see token list"));
    boolean pin = pinFile.isPresent() || pinVariable.isPresent();
    boolean officer = officerFile.isPresent() || officerVariable.isPresent();
    return new TokenSettings(
        was.kind(),
        was.location(),
        was.label(),
        pin ? pinFile : was.pinFile(),
        officer ? officerFile : was.securityOfficerPinFile(),
        was.uri(),
        pin ? pinVariable : was.pinVariable(),
        officer ? officerVariable : was.securityOfficerPinVariable(),
        was.keyFile());
  }

  /** That of the configuration, unless the URI names another token than the configuration does. */
  private static Optional<Path> keyFile(Pkcs11Uri uri, Optional<AgentConfig> config) {
    Optional<TokenSettings> configured = config.map(AgentConfig::token);
    Optional<String> label =
        configured.map(token -> token.uri().flatMap(Pkcs11Uri::token).orElse(token.label()));
    boolean another = uri.token().isPresent() && !uri.token().equals(label);
    return another ? Optional.empty() : configured.flatMap(TokenSettings::keyFile);
  }

  /** With its library, wherever that is named. */
  private Pkcs11Uri uri(String text, Optional<AgentConfig> config) {
    Pkcs11Uri uri = Pkcs11Uri.parse(text);
    Optional<Path> module = path(TokenOptions.MODULE);
    if (module.isPresent()) {
      uri = uri.withModulePath(module.get().toAbsolutePath().toString());
    }
    Optional<TokenSettings> configured =
        config.map(AgentConfig::token).filter(token -> token.kind() == TokenKind.PKCS11);
    if (configured.isPresent()) {
      uri = uri.orModulePath(configured.get().location().toString());
    }
    if (uri.modulePath().isEmpty()) {
      throw new IllegalArgumentException(
          "PKCS#11 URI: which library? add ?module-path=/path, or --module");
    }
    return uri;
  }

  static void requireOne(Optional<?> one, Optional<?> other, String nameOfOne, String nameOfOther)
      throws CommandFailedException {
    if (one.isPresent() && other.isPresent()) {
      throw new CommandFailedException(
          ExitCode.USAGE, nameOfOne + " and " + nameOfOther + " exclude each other");
    }
  }
}
