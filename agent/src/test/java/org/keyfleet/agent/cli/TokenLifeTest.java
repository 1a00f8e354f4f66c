package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.testkit.TestPki;

/** A token from a blank one to a wiped one, and what each command refuses. */
class TokenLifeTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private Device device;

  @BeforeEach
  void makeDevice() throws Exception {
    device = new Device(directory);
  }

  @Test
  void fromBlankToWiped() throws Exception {
    String label = device.value("label");
    assertTrue(device.run("token", "list").succeeds().contains("a blank token"));
    String made = device.run("token", "init").succeeds();
    assertTrue(made.startsWith("token " + label + " made\n"), made);
    Path csr = directory.resolve("device.csr.pem");
    String requested = device.run("token", "csr", "--out", csr.toString()).succeeds();
    assertTrue(requested.startsWith("identity key made\n"), requested);
    Path chain = Files.writeString(directory.resolve("issued.pem"), issued(csr));
    String stored = device.run("token", "import-cert", chain.toString()).succeeds();
    assertTrue(stored.contains("chain written to " + directory.resolve("cert.pem")), stored);
    assertEquals(Files.readString(chain), Files.readString(directory.resolve("cert.pem")));
    String info = device.run("token", "info").succeeds();
    assertTrue(info.contains("custody level IN_TOKEN"), info);
    assertTrue(info.contains("to change\n  nothing\nkeys\n  keyfleet-identity#"), info);
    assertEquals(info, device.run("token").succeeds(), "token alone is token info");
    device.run("token", "selftest", "--require", "in-token").succeeds();
    String wiped = device.run("token", "wipe", "--yes", label).succeeds();
    assertTrue(wiped.contains("3 objects destroyed"), "private, public, certificate: " + wiped);
    assertTrue(device.run("token").succeeds().endsWith("keys\n"));
  }

  @Test
  void theListIsReadyToPaste() throws Exception {
    device.run("token", "init").succeeds();
    String label = device.value("label");
    String list = device.run("token", "list", "--module", device.value("library")).succeeds();
    String uri =
        list.lines()
            .filter(line -> line.startsWith("  pkcs11:token=" + label + ";"))
            .findFirst()
            .orElseThrow()
            .strip();
    Device.runBare("token", "info", "--token", uri, "--pin-file", pin()).succeeds();
    device.with("library = \"" + device.value("library") + "\"", "uri = \"" + uri + "\"");
    device.with("label = \"" + label + "\"", "");
    assertTrue(device.run("token").succeeds().startsWith("token " + label + ": custody level"));
    JsonObject json = JsonParser.object().from(device.run("token", "list", "--json").succeeds());
    assertTrue(
        json.getArray("tokens").stream()
            .anyMatch(t -> ((JsonObject) t).getString("uri").equals(uri)));
  }

  @Test
  void aTokenThatExistsIsNotInitialisedAgain() throws Exception {
    device.made();
    device.run("token", "init").fails(ExitCode.TOKEN, "exists and is left as it is");
    String uri = uriOf(device.value("label"));
    device
        .run("token", "init", "--token", uri, "--label", "other")
        .fails(ExitCode.USAGE, "names token " + device.value("label") + " already");
    device.run("token", "init", "--label", "x".repeat(33)).fails(ExitCode.USAGE, "1 to 32 ASCII");
    assertTrue(device.run("token").succeeds().contains("keyfleet-identity"));
  }

  @Test
  void aRequestOfTheOtherKindIsForANewKeyOnly() throws Exception {
    device.run("token", "init").succeeds();
    device.run("token", "csr", "--algorithm", "rsa").fails(ExitCode.USAGE, "p256 or ed25519");
    Path nowhere = directory.resolve("no/csr.pem");
    device.run("token", "csr", "--out", nowhere.toString()).fails(ExitCode.USAGE, "--out");
    String pem = device.run("token", "csr", "--algorithm", "ed25519").succeeds();
    assertTrue(pem.startsWith("-----BEGIN CERTIFICATE REQUEST-----"), pem);
    Path csr = Files.writeString(directory.resolve("a.pem"), pem);
    Path again = directory.resolve("b.pem");
    device.run("token", "csr", "--algorithm", "p256", "--out", again.toString()).succeeds();
    assertEquals(Device.publicKey(csr), Device.publicKey(again), "the key that was there stays");
    Device.runBare("token", "csr", "--token", uriOf(device.value("label")), "--pin-file", pin())
        .fails(ExitCode.USAGE, "give it with --name");
  }

  @Test
  void aTokenOfTheCommandLineNeverGetsTheConfigurationsPin() throws Exception {
    device.made();
    String uri = uriOf(device.value("label"));
    device.run("token", "info", "--token", uri).fails(ExitCode.TOKEN, "no PIN for token");
    String source = (uri.contains("?") ? "&" : "?") + "pin-source=file:" + pin();
    Device.runBare("token", "info", "--token", uri + source).succeeds();
    Device.runBare("token", "info", "--token", uri, "--pin-env", "KEYFLEET_NO_SUCH_VARIABLE")
        .fails(ExitCode.TOKEN, "KEYFLEET_NO_SUCH_VARIABLE is unset or empty");
    Device.runBare("token", "info", "--token", uri, "--pin-env", "X", "--pin-file", pin())
        .fails(ExitCode.USAGE, "--pin-file and --pin-env exclude each other");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pkcs11:token=t?pin-value=4711 | a PIN in pin-value is seen by all",
        "pkcs11:token=t | which library? add ?module-path=",
        "pkcs11:token=t?module-path=/m&pin-source=%7C/bin/x | names a program, and none is started",
        "token=t | starts with pkcs11:",
      })
  void aUriOfNoUseIsUsage(String uri, String says) {
    Device.Result result = Device.runBare("token", "info", "--token", uri);
    result.fails(ExitCode.USAGE, "--token: PKCS#11 URI: ", says);
    assertFalse(result.err().contains("4711"));
  }

  @Test
  void unknownTokensAndLibrariesAreNamed() throws Exception {
    String unknown = "pkcs11:token=nobody?module-path=" + device.value("library");
    for (String command : new String[] {"info", "selftest", "change-pin", "wipe"}) {
      Device.runBare("token", command, "--token", unknown, "--pin-file", pin())
          .fails(ExitCode.TOKEN, "no token", "nobody");
    }
    Device.runBare("token", "csr", "--token", unknown, "--pin-file", pin(), "--name", "a.example")
        .fails(ExitCode.TOKEN, "no token", "nobody");
    Device.runBare("token", "list", "--module", "/nowhere/lib.so")
        .fails(ExitCode.TOKEN, "no PKCS#11 library /nowhere/lib.so");
    Device.runBare("token", "frobnicate").fails(ExitCode.USAGE, "frobnicate");
    device.run("token", "--json", "info").fails(ExitCode.USAGE, "come behind the command's name");
  }

  @Test
  void theLevelDecidesHowSelftestEnds() throws Exception {
    device.made();
    device.run("token", "selftest", "--require", "high").fails(ExitCode.USAGE, "in-token");
    JsonObject json =
        JsonParser.object().from(device.run("token", "selftest", "--json").succeeds());
    assertTrue(json.getBoolean("met"));
    assertEquals(5, json.getArray("tests").size());
    soft();
    device.run("token", "init").succeeds();
    device.run("token", "selftest").succeeds();
    Device.Result strict = device.run("token", "selftest", "--require", "in-token");
    strict.fails(ExitCode.TOKEN, "reaches level HOST, and IN_TOKEN is asked for: see token info");
    assertTrue(
        strict.out().contains("custody level HOST; asked for: IN_TOKEN, NOT REACHED"),
        strict.out());
    device.with("name = \"fleet\"", "name = \"fleet\"\nrequire-strict-custody = true");
    device.run("token", "selftest").fails(ExitCode.TOKEN, "IN_TOKEN is asked for");
    String info = device.run("token", "info").succeeds();
    assertTrue(info.contains("NOT MET  group fleet: strict, by require-strict-custody"), info);
    assertTrue(info.contains("group fleet needs a token: "), info);
  }

  @Test
  void wipingNeedsTheLabelAndNoAgentBeside() throws Exception {
    device.made();
    String label = device.value("label");
    device.run("token", "wipe").fails(ExitCode.USAGE, "nothing destroyed", "--yes " + label);
    device
        .run("token", "wipe", "--yes", "x")
        .fails(ExitCode.USAGE, "the token's label is " + label);
    Path state = Files.createDirectories(directory.resolve("state"));
    try (FileChannel held =
            FileChannel.open(
                state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = held.lock()) {
      assertTrue(lock.isValid());
      device.run("token", "wipe", "--yes", label).fails(ExitCode.FAILED, "another agent uses");
    }
    assertTrue(device.run("token").succeeds().contains("keyfleet-identity"));
    Path journal = Files.writeString(state.resolve("fleet.journal"), "ciphertext");
    Path other = Files.writeString(state.resolve("other.txt"), "not ours");
    device.run("token", "wipe", "--yes", label).succeeds();
    assertTrue(Files.exists(journal), "only when asked");
    device.run("token", "wipe", "--yes", label, "--journals").succeeds();
    assertFalse(Files.exists(journal));
    assertTrue(Files.exists(other));
  }

  @Test
  void aKeyFileHasTheSameLife() throws Exception {
    soft();
    device.run("token", "info").fails(ExitCode.TOKEN, "no key file");
    device.run("token", "init").succeeds();
    device.run("token", "init").fails(ExitCode.TOKEN, "exists and is left as it is");
    device.run("token", "csr").succeeds();
    assertTrue(device.run("token", "list").succeeds().contains("Keyfleet key file"));
    device.secret("new", "another passphrase\n");
    device
        .run("token", "change-pin", "--new-pin-file", directory.resolve("new").toString())
        .succeeds();
    assertEquals("another passphrase\n", Files.readString(directory.resolve("pin")));
    assertTrue(device.run("token", "info").succeeds().contains("custody level HOST"));
    assertTrue(
        device
            .run("token", "wipe", "--yes", "keys.soft")
            .succeeds()
            .contains("1 objects destroyed"));
  }

  private void soft() throws Exception {
    device.with("kind = \"pkcs11\"", "kind = \"soft\"");
    device.with("library = \"" + device.value("library") + "\"", "file = \"keys.soft\"");
  }

  private String issued(Path csr) throws Exception {
    return TestPki.pem(device.pki.issue(Device.NAME, Device.publicKey(csr)));
  }

  private String uriOf(String label) throws Exception {
    return "pkcs11:token=" + label + "?module-path=" + device.value("library");
  }

  private String pin() {
    return directory.resolve("pin").toString();
  }
}
