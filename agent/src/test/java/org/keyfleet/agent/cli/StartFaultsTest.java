package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SoftSigner;

/** What keeps {@code run} from starting: it ends at once, with one line, and leaves nothing. */
class StartFaultsTest {
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
  void aCertificateThatIsMissingOrNoneIsNamed() throws Exception {
    Path file = directory.resolve("cert.pem");
    Files.writeString(file, "nothing\n");
    device.run("run").fails(ExitCode.FAILED, file + " is no certificate chain");
    Files.delete(file);
    device.run("run").fails(ExitCode.FAILED, file + " cannot be read: check path and rights");
  }

  @Test
  void aCertificateForAnotherKeyIsRefused() throws Exception {
    SoftSigner other = SoftSigner.generate(SignatureScheme.ECDSA_P256_SHA256, new SecureRandom());
    device.certify(device.pki.issue(Device.NAME, other.subjectPublicKeyInfo()));
    device.run("run").fails(ExitCode.FAILED, "is not for the identity key in the token: run init");
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    device.with(Device.NAME, "m2.fleet.example");
    device.run("run").fails(ExitCode.FAILED, "is for [m1.fleet.example], but agent.id is m2.");
  }

  @Test
  void trustAnchorsThatAreNoneAreNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("ca.pem"), "nothing\n");
    device.run("run").fails(ExitCode.FAILED, file + " holds no CA certificates");
  }

  @Test
  void thePortOfTheApplicationInUseIsNamed() throws Exception {
    int port = Integer.parseInt(device.value("listen").replaceAll(".*:", ""));
    try (DatagramSocket taken =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      device.run("run").fails(ExitCode.FAILED, taken.getLocalPort() + " is in use: stop the other");
    }
    assertFalse(Files.exists(directory.resolve("control.sock")));
  }

  @Test
  void anAddressOfAnotherMachineIsNamed() throws Exception {
    device.with("local-address = \"127.0.0.1\"", "local-address = \"192.0.2.77\"");
    device.run("run").fails(ExitCode.FAILED, "192.0.2.77", "is not an address of this machine");
  }

  @Test
  void aStateDirectoryThatCannotBeMadeIsNamed() throws Exception {
    device.with("state-directory = \"state\"", "state-directory = \"pin/state\"");
    device.run("run").fails(ExitCode.FAILED, "pin/state cannot be made or written");
  }

  @Test
  void aStateDirectoryOfAnotherAgentIsLeftAlone() throws Exception {
    Path state = Files.createDirectories(directory.resolve("state"));
    try (FileChannel held =
            FileChannel.open(
                state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = held.lock()) {
      device.run("run").fails(ExitCode.FAILED, "another agent uses the state directory " + state);
      assertTrue(lock.isValid());
    }
  }

  @Test
  void aFileInTheSocketsPlaceIsLeftAlone() throws Exception {
    device.with("control-socket = \"control.sock\"", "control-socket = \"pin\"");
    device.run("run").fails(ExitCode.FAILED, "pin is not a socket: move it away");
    assertEquals("123456\n", Files.readString(directory.resolve("pin")));
  }

  @Test
  void aCommandWithoutRunningAgentSaysSo() {
    for (String[] command :
        new String[][] {{"status"}, {"keys"}, {"join", "fleet"}, {"leave", "fleet"}}) {
      device
          .run(command)
          .fails(ExitCode.NOT_REACHABLE, "control.sock", "is 'keyfleet-agent run' running?");
    }
  }
}
