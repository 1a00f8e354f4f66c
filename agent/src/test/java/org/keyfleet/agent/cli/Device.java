package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.keyfleet.hsm.testkit.SoftHsm;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.Pem;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.testkit.TestPki;

/** The files of one device, its token in SoftHSM, and the commands on them. */
final class Device {
  static final String NAME = "m1.fleet.example";
  private static final AtomicInteger SERIAL = new AtomicInteger();

  final Path directory;
  final Path config;
  final TestPki pki = TestPki.create("Test CA", SignatureScheme.ECDSA_P256_SHA256);

  /** What a command left behind. */
  record Result(int code, String out, String err) {
    /** One line on stderr that has these parts, and this exit code. */
    void fails(ExitCode exitCode, String... parts) {
      assertEquals(1, err.lines().count(), err);
      assertTrue(err.startsWith("keyfleet-agent: "), err);
      for (String part : parts) {
        assertTrue(err.contains(part), err);
      }
      assertEquals(exitCode.code(), code, err);
    }

    String succeeds() {
      assertEquals(0, code, err);
      assertEquals("", err);
      return out;
    }
  }

  /** A configuration and a PIN; nothing in the token yet. */
  Device(Path directory) throws Exception {
    SoftHsm.require();
    this.directory = directory;
    this.config = directory.resolve("agent.toml");
    secret("pin", "123456\n");
    Files.writeString(directory.resolve("ca.pem"), pki.caPem());
    Files.writeString(
        config,
        """
        [agent]
        id = "%s"
        state-directory = "state"
        control-socket = "control.sock"
        [token]
        kind = "pkcs11"
        library = "%s"
        label = "cli-%d"
        pin-file = "pin"
        security-officer-pin-file = "pin"
        [authentication]
        certificate-chain = "cert.pem"
        [gcks]
        id = "gcks.example"
        trust-anchors = "ca.pem"
        address = "127.0.0.1"
        port = %d
        local-address = "127.0.0.1"
        [[group]]
        name = "fleet"
        interface = "lo"
        listen = "127.0.0.1:%d"
        """
            .formatted(
                NAME,
                SoftHsm.library().orElseThrow(),
                SERIAL.incrementAndGet(),
                freePort(),
                freePort()));
  }

  /** Token, identity key, certificate. */
  Device made() throws Exception {
    Path csr = directory.resolve("csr.pem");
    run("init", "--csr", csr.toString()).succeeds();
    certify(pki.issue(NAME, publicKey(csr)));
    return this;
  }

  void certify(CertificateChain chain) throws Exception {
    Files.writeString(directory.resolve("cert.pem"), TestPki.pem(chain));
  }

  static Bytes publicKey(Path csr) throws Exception {
    Bytes request = Pem.blocks(Files.readString(csr), "CERTIFICATE REQUEST").get(0);
    return Bytes.copyOf(
        new PKCS10CertificationRequest(request.toArray()).getSubjectPublicKeyInfo().getEncoded());
  }

  Path secret(String name, String text) throws Exception {
    Path file = Files.writeString(directory.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  Device with(String was, String is) throws Exception {
    String text = Files.readString(config);
    assertTrue(text.contains(was), was);
    Files.writeString(config, text.replace(was, is));
    return this;
  }

  /** What stands in quotes or as a number behind {@code key =}. */
  String value(String key) throws Exception {
    for (String line : Files.readAllLines(config)) {
      if (line.startsWith(key + " = ")) {
        return line.substring(key.length() + 3).replace("\"", "");
      }
    }
    throw new AssertionError(key);
  }

  Result run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    return runBare(all.toArray(new String[0]));
  }

  static Result runBare(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ExitCode exitCode = new Main(Main.commands(), print(out), print(err)).execute(arguments);
    return new Result(
        exitCode.code(),
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  static int freePort() throws Exception {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }
}
