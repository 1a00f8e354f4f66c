package org.keyfleet.gcks.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.TokenSetup;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.testkit.TestPki;

/** Real processes of both commands that do not come together: what each side says. */
class MemberRefusalsTest {
  private static final String NAME = "m1.fleet.example";

  @TempDir private @Nullable Path folder;
  private final TestPki pki = TestPki.create("Fleet CA", SignatureScheme.ECDSA_P256_SHA256);
  private final TestPki other = TestPki.create("Other CA", SignatureScheme.ECDSA_P256_SHA256);
  private final SecureRandom random = new SecureRandom();
  private final List<Process> processes = new ArrayList<>();
  private Path directory = Path.of("unset");
  private Bytes deviceKey = Bytes.EMPTY;

  @BeforeEach
  void configure() throws Exception {
    directory = Objects.requireNonNull(folder);
    int port = freePort();
    Files.writeString(
        directory.resolve("gcks.toml"),
        """
        [server]
        identity = "gcks.example"
        certificate = "gcks.pem"
        trust-anchors = "ca.pem"
        admin-socket = "admin.sock"
        [custody]
        file = "gcks.keys"
        pin-file = "gcks.pin"
        [listen]
        addresses = ["127.0.0.1"]
        port = %d
        [ca]
        certificate = "own-ca.pem"
        key = "own-ca.key"
        [[group]]
        name = "fleet"
        [group.rekey]
        multicast-address = "239.192.77.1"
        interface = "lo"
        [[group.data]]
        name = "d"
        multicast-address = "239.192.77.2"
        [group.members]
        certificate-names = ["*.fleet.example"]
        """
            .formatted(port));
    Path pin = Files.writeString(directory.resolve("pin"), "123456\n");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(directory.resolve("ca.pem"), pki.caPem());
    assertEquals(0, gcks("init").code); // with a CA of its own; the devices have another
    TokenSettings token =
        new TokenSettings(
            TokenKind.SOFT,
            directory.resolve("device.keys"),
            "device",
            Optional.of(pin),
            Optional.empty());
    deviceKey = request(new TokenSetup(new AgentToken(token, random), random).run(NAME));
    certify(pki.issue(NAME, deviceKey));
    Files.writeString(
        directory.resolve("agent.toml"),
        """
        [agent]
        id = "m1.fleet.example"
        state-directory = "device"
        control-socket = "control.sock"
        [token]
        kind = "soft"
        file = "device.keys"
        label = "device"
        pin-file = "pin"
        [authentication]
        certificate-chain = "device.pem"
        [gcks]
        id = "gcks.example"
        trust-anchors = "own-ca.pem"
        address = "127.0.0.1"
        port = %d
        [[group]]
        name = "fleet"
        interface = "lo"
        """
            .formatted(port));
  }

  @AfterEach
  void end() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void anEvictedMemberIsTold() throws Exception {
    Log server = serve();
    Result evicted = gcks("evict", "fleet", NAME);
    assertEquals(1, evicted.code);
    assertTrue(evicted.err.contains(NAME + " was no member; it is blocked now"), evicted.err);
    startAgent();
    refused(4, "AUTHORIZATION_FAILED: the operator must admit this member");
    assertEquals(0, gcks("member", "add", "fleet", NAME).code);
    Result joined = join();
    assertEquals(0, joined.code, joined.err);
    assertEquals("fleet: member\n", joined.out);
    assertTrue(server.process.isAlive());
  }

  @Test
  void aGroupThatTheServerDoesNotHaveIsNamed() throws Exception {
    serve();
    edit("agent.toml", "name = \"fleet\"", "name = \"float\"");
    startAgent();
    refused(4, "float: the GCKS answers INVALID_GROUP_ID: check the group's name");
  }

  @Test
  void aMemberOfAnotherCaIsNamedByBothSides() throws Exception {
    certify(other.issue(NAME, deviceKey));
    Log server = serve();
    startAgent();
    refused(4, "AUTHENTICATION_FAILED", "check that it trusts CN=Other CA, which issued our");
    server.await(NAME + " is refused: certificate CN=" + NAME + " was issued by CN=Other CA");
  }

  @Test
  void anExpiredCertificateAsksForTheClock() throws Exception {
    Instant until = Instant.now().minusSeconds(3600);
    certify(pki.issue(NAME, deviceKey, until.minusSeconds(3600), until));
    Log server = serve();
    startAgent();
    refused(4, "our certificate is valid from", "is this device's clock right? it shows");
    server.await("was valid until", "our clock says");
  }

  @Test
  void aServerOfAnotherCaIsNotBelieved() throws Exception {
    Files.writeString(directory.resolve("own-ca.pem"), other.caPem());
    serve();
    startAgent();
    refused(1, "the GCKS: certificate", "which is no trust anchor of ours", "goes on asking");
  }

  private record Result(int code, String out, String err) {}

  private void refused(int code, String... parts) throws Exception {
    Result result = join();
    assertEquals(1, result.err.lines().count(), result.err);
    Result status = agent("status");
    for (String part : parts) {
      assertTrue(result.err.contains(part), result.err);
    }
    assertEquals(code, result.code, result.err);
    assertEquals(0, status.code, status.err);
    assertTrue(status.out.contains("last failure: "), status.out);
  }

  private Result join() throws Exception {

    String text = Files.readString(directory.resolve("agent.toml"));
    return agent("join", text.contains("float") ? "float" : "fleet");
  }

  private void startAgent() throws Exception {
    new Log(process("org.keyfleet.agent.cli.Main", "agent.toml", "run")).await("INFO: ready");
  }

  private Log serve() throws Exception {
    Log log = new Log(process(Main.class.getName(), "gcks.toml", "serve"));
    log.await("serves 1 group(s)");
    return log;
  }

  private Result agent(String... arguments) throws Exception {
    Process process = process("org.keyfleet.agent.cli.Main", "agent.toml", arguments);
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return code == 0 ? new Result(0, text, "") : new Result(code, "", text);
  }

  private Result gcks(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", directory.resolve("gcks.toml").toString()));
    int code =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            random,
            InstantSource.system(),
            all.toArray(new String[0]));
    return new Result(code, out.toString(), err.toString());
  }

  /** stdout and stderr are one. */
  private Process process(String main, String config, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--config", directory.resolve(config).toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  /** What a process that goes on has written. */
  private static final class Log {
    private final Process process;

    Log(Process process) {
      this.process = process;
    }

    /** Reads up to a line with all {@code parts}; the end of the process ends the wait. */
    void await(String... parts) throws Exception {
      List<String> lines = new ArrayList<>();
      var reader = process.inputReader(StandardCharsets.UTF_8);
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (List.of(parts).stream().allMatch(line::contains)) {
          return;
        }
      }
      throw new AssertionError("ended: " + lines);
    }
  }

  private void edit(String file, String was, String is) throws Exception {
    String text = Files.readString(directory.resolve(file));
    assertTrue(text.contains(was), was);
    Files.writeString(directory.resolve(file), text.replace(was, is));
  }

  private void certify(CertificateChain chain) throws Exception {
    Files.writeString(directory.resolve("device.pem"), TestPki.pem(chain));
  }

  private static Bytes request(TokenSetup.Outcome made) throws Exception {
    PKCS10CertificationRequest request =
        new PKCS10CertificationRequest(made.certificationRequest().toArray());
    return Bytes.copyOf(request.getSubjectPublicKeyInfo().getEncoded());
  }

  private static int freePort() throws Exception {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }
}
