package org.keyfleet.gcks.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.gcks.cli.Main;
import org.keyfleet.gcks.enrolment.PemFile;
import org.keyfleet.gcks.enrolment.SmallCa;
import org.keyfleet.protocol.octets.Bytes;

/**
 * strongSwan as initiator against {@code keyfleet-gcks serve}, the product itself, in two network
 * namespaces: childless IKE_AUTH, then the server closes the IKE SA that nobody needs.
 */
@Tag("interop")
@Tag("one-jdk")
class ServerStrongSwanTest {
  private static final String SERVER = "10.78.0.1";
  private static final String MEMBER = "10.78.0.2";
  private static final int PATIENCE_SECONDS = 60;

  @TempDir private @Nullable Path directory;
  private final String name = "kf-gcks-" + ProcessHandle.current().pid();
  private final Map<String, String> environment = new TreeMap<>();
  private @Nullable Process server;

  @BeforeEach
  void joinTwoNamespaces() throws Exception {
    Files.createDirectories(charon());
    run(script("pair.sh"), "up", name);
  }

  @AfterEach
  void takeThemDown() throws Exception {
    run(script("charon.sh"), "stop", charon().toString());
    if (server != null) {
      server.destroy();
      server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    run(script("pair.sh"), "down", name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "psk-gcm-x25519",
        "psk-gcm-p256",
        "psk-chacha-x25519",
        "psk-cbc-x25519",
        "psk-cbc-p256",
        "certificate-gcm-x25519",
        "certificate-gcm-p256",
        "certificate-cbc-p256"
      })
  void everyWayEstablishesAndIsClosedByUs(String connection) throws Exception {
    serve("");
    initiate(connection);
    awaitLog("received DELETE for IKE_SA");
  }

  @Test
  void aCookieIsDemanded() throws Exception {
    serve("half-open-threshold = 0");
    initiate("psk-gcm-p256");
    assertTrue(log().contains("COOKIE"), log());
  }

  @Test
  void fragmentsGoBothWays() throws Exception {
    environment.put("FRAGMENT_SIZE", "300");
    serve("fragment-octets = 576");
    initiate("certificate-gcm-p256");
    assertTrue(log().contains("IKE_AUTH request 1 [ EF(1/"), log());
    assertTrue(log().contains("IKE_AUTH response 1 [ EF(1/"), log());
  }

  private void serve(String more) throws Exception {
    Path home = Objects.requireNonNull(directory);
    Path config = home.resolve("gcks.toml");
    Files.writeString(
        config,
        """
        [server]
        identity = "gcks.lab"
        certificate = "gcks.cert.pem"
        trust-anchors = "ca.cert.pem"
        psk-file = "psk.toml"
        ike-sa-linger-seconds = 2
        %s
        [custody]
        file = "gcks.keys"
        pin-file = "gcks.pin"
        [listen]
        addresses = ["%s"]
        port = 500
        nat-port = 4500
        [ca]
        certificate = "ca.cert.pem"
        key = "ca.key.pem"
        [[group]]
        name = "fleet"
        [group.rekey]
        multicast-address = "239.192.78.1"
        interface = "eth0"
        [[group.data]]
        name = "d"
        multicast-address = "239.192.78.2"
        """
            .formatted(more, SERVER));
    Path psk = home.resolve("psk.toml");
    Files.createFile(
        psk, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(psk, "[psk]\n\"psk.member.lab\" = \"a secret of the laboratory\"\n");
    run(java("init", config));
    certifyMember(home);
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name + "-gcks"));
    command.addAll(List.of(java("serve", config)));
    Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
    server = started;
    BufferedReader said = started.inputReader(StandardCharsets.UTF_8);
    StringBuilder heard = new StringBuilder();
    String line = said.readLine();
    while (line != null && !line.contains("gcks.lab serves")) {
      heard.append(line).append('\n'); // newer virtual machines warn about native libraries
      line = said.readLine();
    }
    assertTrue(line != null, heard::toString);
  }

  private void initiate(String connection) throws Exception {
    environment.put("LOCAL", MEMBER);
    environment.put("REMOTE", SERVER);
    run(
        script("charon.sh"),
        "start",
        name + "-member",
        charon().toString(),
        scripts().resolve("initiator.conf").toString());
    run(script("charon.sh"), "initiate", charon().toString(), connection);
    assertTrue(log().contains("established between"), log());
  }

  private void certifyMember(Path home) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    SmallCa ca =
        SmallCa.load(home.resolve("ca.cert.pem"), home.resolve("ca.key.pem"), new SecureRandom());
    PemFile.write(
        charon().resolve("own.cert.pem"),
        "CERTIFICATE",
        ca.issue(
            "member.lab",
            Bytes.copyOf(pair.getPublic().getEncoded()),
            Instant.now(),
            Duration.ofDays(1)));
    Files.copy(home.resolve("ca.cert.pem"), charon().resolve("ca.cert.pem"));
    Files.writeString(
        charon().resolve("own.key.pem"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
  }

  private void awaitLog(String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!log().contains(text)) {
      assertTrue(System.nanoTime() < end, log());
      // another process writes the log
      assertTrue(!Objects.requireNonNull(server).waitFor(50, TimeUnit.MILLISECONDS), "serving");
    }
  }

  private Path charon() {
    return Objects.requireNonNull(directory).resolve("charon");
  }

  private String log() throws IOException {
    return Files.readString(charon().resolve("charon.log"));
  }

  private static String[] java(String command, Path config) {
    return new String[] {
      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-cp",
      System.getProperty("java.class.path"),
      Main.class.getName(),
      command,
      "--config",
      config.toString()
    };
  }

  private static Path scripts() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("benchmarks/lab/strongswan"))) {
      at = at.getParent();
    }
    return Objects.requireNonNull(at, "benchmarks/lab/strongswan is not above the test")
        .resolve("benchmarks/lab/strongswan");
  }

  private static String script(String file) {
    return scripts().resolve(file).toString();
  }

  private void run(String... command) throws Exception {
    Path output = Objects.requireNonNull(directory).resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroy();
      throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(output));
    }
  }
}
