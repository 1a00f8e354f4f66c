package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.hsm.pkcs11.TokenInit;

/** PIN, token and library that are not as configured; each command touches the token once. */
class TokenFaultsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private Device device;

  @BeforeEach
  void makeDevice() throws Exception {
    device = new Device(directory).made();
  }

  @Test
  void aSecondInitKeepsEverything() throws Exception {
    Path again = directory.resolve("again.pem");
    String out = device.run("init", "--csr", again.toString()).succeeds();
    assertTrue(out.contains("was there\nidentity key was there"), out);
    assertEquals(
        Device.publicKey(directory.resolve("csr.pem")), Device.publicKey(again), "the same key");
    assertTrue(device.run("init").succeeds().startsWith("-----BEGIN CERTIFICATE REQUEST-----"));
  }

  @Test
  void initThatCannotWriteTheRequestMakesNothing() throws Exception {
    device.with("label = \"" + device.value("label"), "label = \"never");
    device
        .run("init", "--csr", directory.resolve("no/csr.pem").toString())
        .fails(ExitCode.USAGE, "is no directory to write to", "--csr");
    device.run("token").fails(ExitCode.TOKEN, "never");
  }

  @Test
  void aWrongPinIsNamedAndDoesNoHarm() throws Exception {
    device.secret("pin", "999999\n");
    for (String command : new String[] {"run", "token", "init"}) {
      Device.Result result = device.run(command);
      result.fails(ExitCode.TOKEN, "the PIN of token cli-", "is wrong: correct it first");
      assertFalse(result.err().contains("999999"));
    }
    device.secret("pin", "123456\n");
    assertTrue(device.run("token").succeeds().contains("keyfleet-identity"));
  }

  @Test
  void aPinFileThatIsMissingEmptyOrOpenToAllIsNamed() throws Exception {
    Path pin = directory.resolve("pin");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r--r--"));
    device.run("run").fails(ExitCode.TOKEN, "is open to all: chmod o-rwx " + pin);
    device.secret("pin", "\n123456\n");
    device.run("run").fails(ExitCode.TOKEN, pin + " has no PIN on its first line: write it");
    Files.delete(pin);
    device.run("run").fails(ExitCode.TOKEN, "no PIN file " + pin + ": write the PIN to it");
    device.run("init").fails(ExitCode.TOKEN, "no PIN file " + pin);
  }

  @Test
  void aMissingTokenIsNamed() throws Exception {
    device.with("label = \"" + device.value("label"), "label = \"nobody");
    for (String command : new String[] {"run", "token"}) {
      device.run(command).fails(ExitCode.TOKEN, "no token", "nobody", "make one with init");
    }
  }

  @Test
  void aTokenWithoutOurKeyAsksForInit() throws Exception {
    device.with("label = \"" + device.value("label"), "label = \"empty-" + device.value("label"));
    TokenInit.initialize(
        Pkcs11Uri.ofToken(device.value("library"), device.value("label")),
        "123456".toCharArray(),
        "123456".toCharArray());
    device.run("run").fails(ExitCode.TOKEN, "no identity key", "run keyfleet-agent init");
  }

  @Test
  void aLibraryThatIsNotThereOrNoneIsNamed() throws Exception {
    device.with(device.value("library"), "/nowhere/lib.so");
    device.run("run").fails(ExitCode.TOKEN, "no PKCS#11 library /nowhere/lib.so: install it");
    device.with("/nowhere/lib.so", "agent.toml");
    device.run("run").fails(ExitCode.TOKEN, "agent.toml does not load", "PKCS#11 library");
  }
}
