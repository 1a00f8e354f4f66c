package org.keyfleet.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @TempDir Path directory;

  @Test
  void exampleReads() throws Exception {
    AgentConfig config = parse(example());
    assertEquals("stb-1.example", config.memberId());
    assertEquals(directory.resolve("state/control.sock"), config.controlSocket());
    assertEquals(848, config.gcks().port());
    assertEquals(1, config.groups().size());
    assertFalse(config.groups().get(0).sender());
    assertTrue(config.insecureKeyExportDirectory().isEmpty());
  }

  /** Each commented-out key of the example is a key that the reader knows. */
  @Test
  void exampleReadsWithEveryKeySet() throws Exception {
    String all =
        example()
            .replaceAll("(?m)^#(psk-file|uri|reader|pin-env|security-officer-pin-env)", "# $1")
            .replaceAll("(?m)^#(?=[a-z\\[])", "")
            .replace("transport = \"multicast\"", "transport = \"mqtt\"");
    AgentConfig config = parse(all);
    assertEquals("mqtts://broker.example:8883", config.mqtt().orElseThrow().server());
    assertEquals(directory.resolve("keys"), config.insecureKeyExportDirectory().orElseThrow());
    assertEquals(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 5001),
        config.groups().get(0).deliver().orElseThrow());
  }

  @Test
  void aCardIsNamedByItsReaderOrNotAtAll() throws Exception {
    String card =
        example()
            .replace("kind = \"pkcs11\"", "kind = \"card\"")
            .replaceAll("(?m)^(library|label) = .*$", "");
    TokenSettings any = parse(card).token();
    assertEquals(TokenKind.CARD, any.kind());
    assertEquals("", any.label());
    assertEquals("SCM", parse(card.replace("#reader", "reader")).token().label());
  }

  @Test
  void aTokenIsNamedByItsUriAndItsPinsByVariables() throws Exception {
    TokenSettings token =
        parse(
                example()
                    .replaceAll("(?m)^(library|label|pin-file) = .*$", "")
                    .replaceAll("(?m)^#(uri|pin-env|security-officer-pin-env)", "$1"))
            .token();
    assertEquals("stb-1", token.label());
    assertEquals(Path.of("/usr/lib/softhsm/libsofthsm2.so"), token.location());
    assertEquals(Optional.of("8c787b19b6d13354"), token.uri().orElseThrow().serial());
    assertEquals(Optional.of("KEYFLEET_PIN"), token.pinVariable());
    assertEquals(Optional.of("KEYFLEET_SO_PIN"), token.securityOfficerPinVariable());
    assertTrue(token.pinFile().isEmpty());
  }

  @Test
  void libraryAndPinSourceStandInForEachOther() throws Exception {
    TokenSettings token =
        parse(
                example()
                    .replace("label = \"stb-1\"", "uri = \"pkcs11:serial=7?pin-source=/etc/pin\"")
                    .replace("pin-file = \"pin\"", ""))
            .token();
    assertEquals("pkcs11:serial=7", token.label());
    assertEquals(Optional.of(Path.of("/etc/pin")), token.pinFile());
    assertEquals(
        Optional.of("/usr/lib/softhsm/libsofthsm2.so"), token.uri().orElseThrow().modulePath());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "label = | uri = \"pkcs11:token=a\"@label = | stands in token.uri already",
        "label = | uri = \"pkcs11:token=a?pin-source=/p\"# | names a pin-source: delete it, or pin-file",
        "label = | uri = \"pkcs11:token=a?pin-value=77\"# | pin-value is seen by all",
        "label = | uri = \"token=a\"# | starts with pkcs11:",
        "library = | uri = \"pkcs11:token=a\"@#label = | stands in token.uri already",
        "#pin-env = | pin-env = | \"token.pin-file\" and pin-env exclude each other",
      })
  void aTokenNamedTwiceSaysSo(String was, String is, String says) throws Exception {
    String fault = fault(example().replace("\n" + was, "\n" + is.replace('@', '\n')));
    assertTrue(fault.contains(says), fault);
    assertFalse(fault.contains("77"), fault);
  }

  @Test
  void unknownKeyNamesFileAndLine() throws Exception {
    String text = example().replace("label = ", "lable = \"x\"\nlabel = ");
    int line = text.substring(0, text.indexOf("lable")).split("\n", -1).length;
    assertEquals(
        "agent.toml:" + line + ": unknown key \"token.lable\"; delete or correct it", fault(text));
  }

  @Test
  void unknownTableNamesItsLine() throws Exception {
    String text = example() + "\n[gkcs]\nid = \"x\"\n";
    assertTrue(fault(text).contains("unknown key \"gkcs\""), fault(text));
  }

  @Test
  void syntaxErrorNamesItsLine() throws Exception {
    String fault = fault(example().replace("[token]", "[token"));
    assertTrue(fault.startsWith("agent.toml:"), fault);
    assertFalse(fault.contains("\n"), fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id = \"stb-1.example\" | id = 7 | takes a text in quotes",
        "#port = 848 | port = 65536 | whole number from 1 to 65535",
        "#port = 848 | port = \"848\" | whole number from 1 to 65535",
        "kind = \"pkcs11\" | kind = \"file\" | takes one of \"pkcs11\", \"card\", \"soft\"",
        "#sender = false | sender = \"no\" | takes true or false",
        "#deliver = | deliver = \"10.0.0.1:5001\" # | takes a loopback address",
        "#deliver = | deliver = \"localhost:5001\" # | takes a loopback address",
        "#psk-file = | psk-file = | takes either",
        "address = \"gcks.example\" | # | needs the key \"gcks.address\"",
        "trust-anchors = \"ca.pem\" | # | needs the key \"gcks.trust-anchors\"",
        "transport = \"multicast\" | transport = \"mqtt\" | needs the table [mqtt]",
        "label = \"stb-1\" | # | \"token.label\" is missing",
        "[gcks] | [gkcs] | the table [gcks] is missing",
        "[[group]] | [[groups]] | write 1 to 16 tables [[group]]"
      })
  void wrongValueSaysWhatToDo(String was, String is, String says) throws Exception {
    assertTrue(example().contains(was));
    String fault = fault(example().replace(was, is));
    assertTrue(fault.contains(says), fault);
    assertTrue(fault.startsWith("agent.toml:"), fault);
    assertFalse(fault.contains("\n"), fault);
  }

  @Test
  void missingFileSaysSo() {
    ConfigException fault =
        assertThrows(
            ConfigException.class, () -> ConfigReader.read(directory.resolve("absent.toml")));
    assertTrue(String.valueOf(fault.getMessage()).contains("no such file"));
  }

  @Test
  void fileReads() throws Exception {
    Path file = directory.resolve("agent.toml");
    Files.writeString(file, example());
    assertEquals(directory.resolve("ca.pem"), ConfigReader.read(file).gcks().trustAnchors().get());
  }

  private AgentConfig parse(String text) throws ConfigException {
    return ConfigReader.parse("agent.toml", directory, text);
  }

  private String fault(String text) {
    return String.valueOf(assertThrows(ConfigException.class, () -> parse(text)).getMessage());
  }

  static String example() throws IOException {
    try (InputStream in =
        ConfigReader.class.getResourceAsStream("/org/keyfleet/agent/agent.toml")) {
      if (in == null) {
        throw new IOException("the example is not packaged");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
