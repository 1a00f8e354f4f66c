package org.keyfleet.gcks.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.protocol.suite.KeyWrap;

class SettingsReaderTest {
  private static final Path FILE = Path.of("gcks.toml");

  private static final String SMALL =
      """
      [server]
      identity = "gcks.example"
      psk-file = "psk.toml"
      [custody]
      file = "keys"
      [[group]]
      name = "fleet"
      [group.rekey]
      multicast-address = "239.1.2.3"
      [[group.data]]
      name = "d"
      multicast-address = "ff15::1"
      """;

  @Test
  void exampleHoldsEveryKeyAtItsDefault() throws Exception {
    Settings small = SettingsReader.parse(FILE, SMALL);
    Settings example = SettingsReader.parse(FILE, example());
    GroupSettings group = example.groups().get(0);
    GroupSettings other = small.groups().get(0);
    assertEquals(other.rekey().suite(), group.rekey().suite());
    assertEquals(other.rekey().lifetime(), group.rekey().lifetime());
    assertEquals(other.rekey().keyWrap(), group.rekey().keyWrap());
    assertEquals(other.rekey().authentication(), group.rekey().authentication());
    assertEquals(other.rekey().signatureKey(), group.rekey().signatureKey());
    assertEquals(other.rekey().mode(), group.rekey().mode());
    assertEquals(other.rekey().interval(), group.rekey().interval());
    assertEquals(other.rekey().extraCopies(), group.rekey().extraCopies());
    assertEquals(other.rekey().copySpacing(), group.rekey().copySpacing());
    assertEquals(other.rekey().transports(), group.rekey().transports());
    assertEquals(other.treeDegree(), group.treeDegree());
    assertEquals(other.capacity(), group.capacity());
    assertEquals(other.senderIdBits(), group.senderIdBits());
    assertEquals(other.maxSenderIds(), group.maxSenderIds());
    assertEquals(other.backwardAccessControl(), group.backwardAccessControl());
    assertEquals(other.forwardAccessControl(), group.forwardAccessControl());
    assertEquals(other.data().get(0).lifetime(), group.data().get(0).lifetime());
    assertEquals(other.data().get(0).suite(), group.data().get(0).suite());
    assertEquals(small.server().fragmentOctets(), example.server().fragmentOctets());
    assertEquals(small.server().halfOpenLimit(), example.server().halfOpenLimit());
    assertEquals(small.server().halfOpenThreshold(), example.server().halfOpenThreshold());
    assertEquals(small.server().ikeSaLimit(), example.server().ikeSaLimit());
    assertEquals(small.server().ikeSaLinger(), example.server().ikeSaLinger());
    assertEquals(small.listen(), example.listen());
    assertEquals(small.custody().identityLabel(), example.custody().identityLabel());
    assertTrue(example.insecureKeyExportDirectory().isEmpty());
  }

  @Test
  void commentedKeysAreRealKeys() throws Exception {
    // every "# key = value" line of the example, put in where it stands, is accepted
    List<String> lines = new ArrayList<>();
    Pattern commented = Pattern.compile("^# (\\[\\w+].*|[\\w-]+ = .*)$");
    for (String line : example().lines().toList()) {
      Matcher matcher = commented.matcher(line);
      lines.add(matcher.matches() ? matcher.group(1) : line);
    }
    Settings settings = SettingsReader.parse(FILE, String.join("\n", lines));
    assertEquals("mqtts://broker.example:8883", settings.mqtt().orElseThrow().broker());
    assertTrue(settings.insecureKeyExportDirectory().isPresent());
    assertTrue(settings.custody().uri().isPresent());
    assertEquals("eth0", settings.groups().get(0).rekey().target().interfaceName().orElseThrow());
  }

  @Test
  void valuesArrive() throws Exception {
    String toml =
        SMALL
                .replace(
                    "name = \"fleet\"", "name = \"fleet\"\ncustody = \"strict\"\natd-seconds = 3")
                .replace(
                    "[group.rekey]",
                    "[group.rekey]\nsignature-key = \"ml-dsa-65\"\nkey-wrap = \"kw-5649-128\"\nmode = \"interval\"\ninterval-seconds = 7")
            + "[group.members]\ncertificate-names = [\"*.a\"]\nlisted-only = true\n";
    GroupSettings group = SettingsReader.parse(FILE, toml).groups().get(0);
    assertTrue(group.strict());
    assertEquals(Duration.ofSeconds(3), group.activationDelay());
    assertEquals(KeyWrap.KW_5649_128, group.rekey().keyWrap());
    assertEquals(SignatureKey.ML_DSA_65, group.rekey().signatureKey());
    assertEquals(RekeyMode.INTERVAL, group.rekey().mode());
    assertEquals(Duration.ofSeconds(7), group.rekey().interval());
    assertEquals(Set.of(RekeyTransport.MULTICAST), group.rekey().transports());
    assertTrue(group.members().listedOnly());
    assertTrue(group.members().allowsCertificate("m1.a"));
    assertFalse(group.members().allowsCertificate("a"));
    assertFalse(group.members().allowsCertificate("m1.b"));
    assertFalse(group.members().allowsPsk("m1.a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          psk-file = "psk.toml"      | psk-fil = "psk.toml"        | gcks.toml:3: unknown key 'psk-fil' in [server]
          file = "keys"              | file = "keys"\\npasword="x" | gcks.toml:6: unknown key 'pasword' in [custody]
          name = "fleet"             | name = "fleet"\\nsize = 3   | gcks.toml:8: unknown key 'size' in [group]
          name = "fleet"             | name = "a/b"                | gcks.toml:7: name in [group] wants
          multicast-address = "239.1.2.3" | multicast-address = "10.0.0.1" | gcks.toml:9: multicast-address in [group.rekey] is no multicast
          multicast-address = "239.1.2.3" | multicast-address = "host.example" | gcks.toml:9: multicast-address in [group.rekey] 'host.example' is no IP
          [group.rekey]              | [group.rekey]\\ntransports = ["mqtt"]  | gcks.toml:9: transports in [group.rekey] names mqtt, but
          [group.rekey]              | [group.rekey]\\nextra-copies = 99 | gcks.toml:9: extra-copies in [group.rekey] wants a whole number from 0 to 10
          [group.rekey]              | [group.rekey]\\nmode = "often" | gcks.toml:9: mode in [group.rekey] wants one of immediate, interval
          [group.rekey]              | [group.rekey]\\nsignature-key = "ml-dsa" | gcks.toml:9: signature-key in [group.rekey] wants one of identity, ml-dsa-44, ml-dsa-65
          [group.rekey]              | [group.rekey]\\nsignature-key = "ml-dsa-44"\\nauthentication = "implicit" | gcks.toml:9: signature-key in [group.rekey] needs authentication digital-signature
          [group.rekey]              | [group.rekey]\\nsignature-key = "ml-dsa-65"\\ntransports = ["inband"] | gcks.toml:9: signature-key in [group.rekey] needs a Rekey SA
          [group.rekey]              | [group.tree]\\ndegree = 10\\ncapacity = 16000000\\n[group.rekey] | gcks.toml:10: capacity in [group.tree] is over the 10000000
          name = "fleet"             | name = "fleet"\\nsender-id-bits = 1 | max-sender-ids in [group] is over
          [custody]                  | [custody]\\nkind = "pkcs11" | gcks.toml:5: kind in [custody] is pkcs11 and needs 'uri'
          [custody]                  | [custodian]                 | gcks.toml:4: unknown key 'custodian'; known
          identity = "gcks.example"  | identity = 3                | gcks.toml:2: identity in [server] wants a text
          identity = "gcks.example"  | identity =                  | gcks.toml:2
          """)
  void wrongFilesAreOneLineWithAPlace(String from, String to, String message) {
    String toml = SMALL.replace(from, to.replace("\\n", "\n"));
    SettingsException e =
        assertThrows(SettingsException.class, () -> SettingsReader.parse(FILE, toml));
    String text = String.valueOf(e.getMessage());
    assertTrue(text.startsWith(message) || text.contains(message), text);
    assertEquals(1, text.lines().count());
  }

  @Test
  void missingFileSaysHowToMakeOne() {
    SettingsException e =
        assertThrows(
            SettingsException.class, () -> SettingsReader.read(Path.of("does-not-exist.toml")));
    assertTrue(String.valueOf(e.getMessage()).contains("keyfleet-gcks init"));
  }

  private static String example() throws IOException {
    try (InputStream in = SettingsReader.class.getResourceAsStream("gcks.toml")) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
