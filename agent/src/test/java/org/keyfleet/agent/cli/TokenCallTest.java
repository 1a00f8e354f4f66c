package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Which key file goes with a token that is named on the command line. */
class TokenCallTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void theConfiguredTokenKeepsItsKeyFileHoweverItIsNamed() throws Exception {
    Device device = new Device(directory);
    Optional<Path> configured = Optional.of(directory.resolve("state/token.keys"));
    assertEquals(configured, keyFile(device));
    String label = device.value("label");
    assertEquals(configured, keyFile(device, "--token", "pkcs11:token=" + label));
    assertEquals(configured, keyFile(device, "--token", "pkcs11:serial=0123"));
    assertEquals(
        Optional.empty(), keyFile(device, "--token", "pkcs11:token=another"), "not its own");
  }

  private static Optional<Path> keyFile(Device device, String... named) throws Exception {
    CommandSpec spec = TokenOptions.token(TokenOptions.spec("verb", "does something"));
    TokenOptions.file(spec, TokenOptions.SO_PIN_FILE, "of the security officer");
    TokenOptions.text(spec, TokenOptions.SO_PIN_ENV, "NAME", "of the security officer");
    spec.addOption(ConfigOption.spec());
    String[] arguments = new String[named.length + 2];
    arguments[0] = "--config";
    arguments[1] = device.config.toString();
    System.arraycopy(named, 0, arguments, 2, named.length);
    return new TokenCall(new CommandLine(spec).parseArgs(arguments)).settings().keyFile();
  }
}
