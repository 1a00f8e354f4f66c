package org.keyfleet.gcks.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.Settings;
import org.keyfleet.gcks.policy.SettingsReader;
import org.keyfleet.hsm.testkit.SoftHsm;

/** What keeps {@code serve} from starting: one line and the right exit code for each mistake. */
class StartFaultsTest extends CommandFixture {
  @Test
  void anUnknownKeyNamesItsLine() throws Exception {
    Files.writeString(config, Files.readString(config).replace("port =", "prot ="));
    Result result = run("serve");
    assertEquals(2, result.code());
    assertOneLine(result, "gcks.toml:10: unknown key 'prot' in [listen]");
  }

  @Test
  void aWrongPinIsATokenError() throws Exception {
    run("init");
    Files.writeString(config.resolveSibling("gcks.pin"), "not the PIN\n");
    Result result = run("serve");
    assertEquals(5, result.code());
    assertOneLine(result, "PIN");
    assertFalse(result.err().contains("not the PIN"));
  }

  @Test
  void aPinFileThatIsMissingEmptyOrOpenToAllIsATokenError() throws Exception {
    run("init");
    Path pin = config.resolveSibling("gcks.pin");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r--r--"));
    assertOneLine(run("serve"), 5, "is open to all: chmod o-rwx " + pin);
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(pin, "");
    assertOneLine(run("serve"), 5, pin + " has no PIN on its first line: write it");
    Files.delete(pin);
    assertOneLine(run("serve"), 5, "no PIN file " + pin + ": write the PIN to it");
  }

  @Test
  void aMissingKeyFileIsATokenError() throws Exception {
    run("init");
    Files.delete(config.resolveSibling("gcks.keys"));
    Result result = run("serve");
    assertEquals(5, result.code());
    assertOneLine(result, "gcks.keys");
  }

  @Test
  void aMissingTokenIsATokenError() throws Exception {
    Files.writeString(
        config,
        Files.readString(config)
            .replace(
                "file = \"gcks.keys\"",
                "kind = \"pkcs11\"\nuri = \"pkcs11:token=none?module-path=/nowhere/lib.so\""));
    Path pin = config.resolveSibling("gcks.pin");
    Files.createFile(
        pin, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(pin, "123456\n");
    Result result = run("serve");
    assertEquals(5, result.code());
    assertOneLine(result, "/nowhere/lib.so");
    Files.writeString(config, Files.readString(config).replace("/nowhere/lib.so", config + ""));
    assertOneLine(run("serve"), 5, config + " does not load: is it a PKCS#11 library");
    String library = SoftHsm.library().orElseThrow().toString();
    Files.writeString(config, Files.readString(config).replace("=" + config, "=" + library));
    assertOneLine(run("serve"), 5, "no token pkcs11:token=none");
    String label = "0123456789012345678901234567890123456789";
    Files.writeString(config, Files.readString(config).replace("token=none", "token=" + label));
    assertOneLine(run("serve"), 2, "1 to 32 ASCII characters");
  }

  @Test
  void aWrongConfigurationNamesItsLine() throws Exception {
    String right = Files.readString(config);
    wrong(right, "[listen]", "[listen", "gcks.toml:8: Unexpected end of line");
    wrong(
        right, "port = ", "port = \"x\" #", "gcks.toml:10: port in [listen] wants a whole number");
    wrong(right, "identity = ", "# ", "gcks.toml:1: key 'identity' in [server] is missing; add it");
    wrong(
        right, "gcks.example", "gcks example", "gcks.toml:2: identity in [server] wants a domain");
    wrong(
        right,
        "file = ",
        "identity-label = \"a b\"\nfile = ",
        "gcks.toml:6: identity-label in [custody] wants 1 to 32");
  }

  private void wrong(String right, String was, String is, String says) throws Exception {
    assertTrue(right.contains(was), was);
    Files.writeString(config, right.replaceFirst(Pattern.quote(was), is));
    for (String command : new String[] {"init", "serve", "status"}) {
      assertOneLine(run(command), 2, says);
    }
  }

  @Test
  void aStateDirectoryThatCannotBeMadeIsNamed() throws Exception {
    run("init");
    Files.writeString(
        config,
        Files.readString(config).replace("[custody]", "state-directory = \"gcks.pin\"\n[custody]"));
    assertOneLine(run("serve"), 1, "gcks.pin cannot be made: correct server.state-directory");
  }

  @Test
  void aStateDirectoryOrSocketOfAnotherServerIsLeftAlone() throws Exception {
    run("init");
    String right = Files.readString(config);
    try (Served served = new Served()) {
      String other =
          right
              .replaceAll("port = \\d+", "port = " + freePort())
              .replace("gcks.keys", "other.keys")
              .replace("gcks.cert.pem", "other.cert.pem");
      Files.writeString(config, other);
      run("init");
      assertOneLine(run("serve"), 1, "gcks.db is in use by another server; stop it first");
      Files.writeString(
          config,
          other.replace(
              "[custody]",
              "state-directory = \"other\"\nadmin-socket = \"state/admin.sock\"\n[custody]"));
      assertOneLine(run("serve"), 1, "another process serves", "admin.sock: stop it or configure");
      Files.writeString(config, right);
      assertEquals(0, run("status").code());
      served.join();
    }
  }

  @Test
  void aPortInUseSaysSo() throws Exception {
    run("init");
    Settings settings = SettingsReader.read(config);
    try (DatagramSocket taken =
        new DatagramSocket(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.listen().port()))) {
      Result result = run("serve");
      assertEquals(1, result.code());
      assertOneLine(result, String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void aCertificateForAnotherKeyIsRefused() throws Exception {
    run("init");
    Files.delete(config.resolveSibling("gcks.keys"));
    assertEquals(0, run("init").code()); // a new identity key beside the old certificate
    Result result = run("serve");
    assertEquals(1, result.code());
    assertOneLine(result, "is not for the identity key in [custody]");
  }

  @Test
  void aClockFarOffIsNamed() throws Exception {
    run("init");
    now = now.minus(Duration.ofDays(400));
    assertOneLine(run("serve"), 1, "is this machine's clock right? it shows " + now);
    now = now.plus(Duration.ofDays(4000));
    assertOneLine(run("serve"), 1, "set the clock or renew the certificate");
  }

  @Test
  void aFileThatIsNoCertificateIsRefused() throws Exception {
    run("init");
    Files.writeString(config.resolveSibling("ca.cert.pem"), "nothing\n");
    Result result = run("serve");
    assertEquals(1, result.code());
    assertOneLine(result, "ca.cert.pem");
  }

  @Test
  void aSecondServerOnTheSameKeysIsRefused() throws Exception {
    run("init");
    try (Served served = new Served()) {
      Files.writeString(
          config, Files.readString(config).replaceAll("port = \\d+", "port = " + freePort()));
      Result result = run("serve");
      assertEquals(5, result.code());
      assertOneLine(result, "gcks.keys");
      served.join();
    }
  }
}
