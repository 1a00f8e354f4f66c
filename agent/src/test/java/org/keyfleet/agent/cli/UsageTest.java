package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, version, and what a misspelt command line or configuration says. */
class UsageTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"init", "run", "status", "join", "leave", "token", "keys"})
  void everyCommandExplainsItself(String command) {
    String help = Device.runBare(command, "--help").succeeds();
    assertTrue(help.startsWith("Usage: keyfleet-agent " + command), help);
    assertTrue(help.contains("--config=FILE"), help);
    assertTrue(help.contains("  5   token"), help);
    help.lines().forEach(line -> assertTrue(line.length() <= 80, line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"list", "info", "init", "csr", "import-cert", "change-pin", "selftest", "wipe"})
  void everyCommandOfTheTokenExplainsItself(String command) {
    String help = Device.runBare("token", command, "--help").succeeds();
    assertTrue(help.startsWith("Usage: keyfleet-agent token " + command), help);
    assertTrue(help.contains("--config=FILE") && help.contains("--module=LIBRARY"), help);
    assertTrue(help.contains("  5   token"), help);
    help.lines().forEach(line -> assertTrue(line.length() <= 80, line));
    assertTrue(Device.runBare("token", "--help").succeeds().contains("\n  " + command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "token", "keys", "token list", "token info", "token selftest"})
  void whatReadsHasJson(String command) {
    String[] words = (command + " --help").split(" ", -1);
    assertTrue(Device.runBare(words).succeeds().contains("--json"));
  }

  @Test
  void helpAndVersionAreDone() {
    assertTrue(Device.runBare("--help").succeeds().contains("Commands:"));
    assertEquals("keyfleet-agent " + Main.VERSION + "\n", Device.runBare("--version").succeeds());
    Device.Result bare = Device.runBare();
    assertEquals(2, bare.code());
    assertTrue(bare.out().contains("Commands:"));
  }

  @Test
  void aWrongCommandLineNamesTheHelp() {
    Device.runBare("frobnicate").fails(ExitCode.USAGE, "frobnicate", "see keyfleet-agent --help");
    Device.runBare("join").fails(ExitCode.USAGE, "GROUP", "see keyfleet-agent join --help");
    Device.runBare("join", "g", "--wait", "x").fails(ExitCode.USAGE, "--wait");
    Device.runBare("status", "--jason").fails(ExitCode.USAGE, "--jason");
  }

  @Test
  void aMissingConfigurationIsNamed() {
    Path absent = directory.resolve("absent.toml");
    Device.runBare("run", "--config", absent.toString())
        .fails(ExitCode.USAGE, absent.toString(), "no such file", "--config");
    Device.runBare("run", "--config", directory.toString()).fails(ExitCode.USAGE, "cannot be read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "interface = \"lo\" | interfase = \"lo\" | :21: unknown key \"group.interfase\"",
        "interface = \"lo\" | interface = \"lo | :21: the quote at the end is missing",
        "port = | port = \"x\" # | :17: \"gcks.port\" takes a whole number from 1 to 65535",
        "trust-anchors = \"ca.pem\" | trust-anchors = 7 | :15: \"gcks.trust-anchors\" takes a text",
        "id = \"m1.fleet.example\" | id = \"m\u00fcnchen\" | :2: \"agent.id\" takes a domain name",
        "id = \"gcks.example\" | id = \"gcks example\" | :14: \"gcks.id\" takes a domain name",
        "id = \"m1.fleet.example\" | id = \"key-id:7\" | no certificate proves the key id",
        "label = \"cli | label = \"0123456789012345678901234567890123456789 | 1 to 32 ASCII",
        "state-directory = \"state\" | # | :1: the key \"agent.state-directory\" is missing; add it",
      })
  void aWrongConfigurationNamesItsLine(String was, String is, String says) throws Exception {
    Device device = new Device(directory).with(was, is);
    for (String command : new String[] {"run", "init", "status"}) {
      device.run(command).fails(ExitCode.USAGE, "agent.toml", says);
    }
    assertFalse(directory.resolve("state").toFile().exists());
  }
}
