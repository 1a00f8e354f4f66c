package org.keyfleet.gcks.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.gcks.admin.AdminCommands;
import org.keyfleet.gcks.enrolment.PemFile;
import org.keyfleet.gcks.policy.Settings;
import org.keyfleet.gcks.policy.SettingsReader;
import org.keyfleet.gcks.server.Daemon;
import org.keyfleet.hsm.testkit.SoftHsm;
import org.keyfleet.protocol.octets.Bytes;

/** The commands as a user meets them: one line and the right exit code for each mistake. */
class CommandLineTest {
  private static final long WAIT_SECONDS = 30;

  @TempDir private @Nullable Path directory;
  private Path config = Path.of("unset");
  private Instant now = Instant.now();

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void writeConfiguration() throws Exception {
    config = java.util.Objects.requireNonNull(directory).resolve("gcks.toml");
    Files.writeString(
        config,
        """
        [server]
        identity = "gcks.example"
        certificate = "gcks.cert.pem"
        trust-anchors = "ca.cert.pem"
        [custody]
        file = "gcks.keys"
        pin-file = "gcks.pin"
        [listen]
        addresses = ["127.0.0.1"]
        port = %d
        [ca]
        certificate = "ca.cert.pem"
        key = "ca.key.pem"
        [[group]]
        name = "fleet"
        [group.rekey]
        multicast-address = "239.192.77.1"
        interface = "lo"
        [[group.data]]
        name = "d"
        multicast-address = "239.192.77.2"
        """
            .formatted(freePort()));
  }

  @Test
  void initServeAndAskTheServer() throws Exception {
    assertEquals(0, run("init").code);
    Result again = run("init");
    assertEquals(0, again.code, again.err);
    assertEquals("", again.out, "a second init changes nothing");
    try (Served served = new Served()) {
      Result status = run("status", "--json");
      assertEquals(0, status.code, status.err);
      JsonObject report = JsonParser.object().from(status.out);
      assertEquals("gcks.example", report.getString("identity"));
      assertEquals("up", report.getObject("custody").getString("state"));
      assertTrue(run("status").out.contains("group fleet: 0 members"));
      assertEquals(0, run("rekey", "fleet").code);
      assertEquals(2, run("rekey", "other").code);
      assertEquals(1, run("evict", "fleet", "m1.example").code);
      assertTrue(run("member", "list", "fleet").out.contains("m1.example blocked"));
      assertEquals(0, run("member", "add", "fleet", "M1.example").code);
      assertTrue(run("member", "list", "fleet", "--json").out.contains("\"m1.example\""));
      assertEquals(1, run("member", "remove", "fleet", "m1.example").code);
      assertTrue(run("audit").out.contains("evicted m1.example"));
      assertEquals(0, run("group", "list").code);
      assertTrue(run("group", "log", "fleet", "--json").out.contains("\"rekeys\":[]"));
      served.join();
    }
    Result gone = run("status");
    assertEquals(3, gone.code);
    assertOneLine(gone, "is 'keyfleet-gcks serve' running?");
  }

  @Test
  void enrolIssuesForARequest() throws Exception {
    run("init");
    Path csr = config.resolveSibling("m1.csr");
    Files.writeString(csr, PemFile.text("CERTIFICATE REQUEST", request()));
    Path out = config.resolveSibling("m1.pem");
    Result result = run("member", "enroll", "--csr", csr.toString(), "--out", out.toString());
    assertEquals(0, result.code, result.err);
    assertTrue(Files.readString(out).startsWith("-----BEGIN CERTIFICATE-----"));
    Result wrong = run("member", "enroll", "--csr", config.toString(), "--out", out.toString());
    assertEquals(1, wrong.code);
    assertOneLine(wrong, "no PEM block 'CERTIFICATE REQUEST'");
    assertEquals(2, run("member", "enroll").code);
  }

  @Test
  void usageErrorsAreOneLine() {
    Result unknown = run("frobnicate");
    assertEquals(2, unknown.code);
    assertOneLine(unknown, "frobnicate");
    Result half = run("evict", "fleet");
    assertEquals(2, half.code);
    assertOneLine(half, "'MEMBER'; see keyfleet-gcks evict --help");
    assertTrue(run("--version").out.startsWith("keyfleet-gcks 0."));
    assertEquals(0, run("--help").code);
    assertEquals(0, run("member", "list", "--help").code);
  }

  @Test
  void anUnknownKeyNamesItsLine() throws Exception {
    Files.writeString(config, Files.readString(config).replace("port =", "prot ="));
    Result result = run("serve");
    assertEquals(2, result.code);
    assertOneLine(result, "gcks.toml:10: unknown key 'prot' in [listen]");
  }

  @Test
  void aWrongPinIsATokenError() throws Exception {
    run("init");
    Files.writeString(config.resolveSibling("gcks.pin"), "not the PIN\n");
    Result result = run("serve");
    assertEquals(5, result.code);
    assertOneLine(result, "PIN");
    assertFalse(result.err.contains("not the PIN"));
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

  /** A new PIN for an old custody would be a wrong one, and tokens count those. */
  @Test
  void initMakesNoPinForACustodyThatExists() throws Exception {
    run("init");
    Path pin = config.resolveSibling("gcks.pin");
    byte[] right = Files.readAllBytes(pin);
    Files.delete(pin);
    assertOneLine(run("init"), 5, "its PIN file " + pin + " does not: restore it");
    assertFalse(Files.exists(pin));
    Files.createFile(
        pin, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(pin, right);
    assertEquals(0, run("init").code);
  }

  @Test
  void aMissingKeyFileIsATokenError() throws Exception {
    run("init");
    Files.delete(config.resolveSibling("gcks.keys"));
    Result result = run("serve");
    assertEquals(5, result.code);
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
    assertEquals(5, result.code);
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
      assertEquals(0, run("status").code);
      served.join();
    }
  }

  @Test
  void aBrokerThatIsDownIsAStateAndNoEnd() throws Exception {
    run("init");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("[ca]", "[mqtt]\nbroker = \"mqtt://127.0.0.1:" + freePort() + "\"\n[ca]"));
    try (Served served = new Served()) {
      String out = run("status").out;
      for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
          !out.contains("refuses connections: check that it runs") && System.nanoTime() < end; ) {
        out = run("status").out;
      }
      assertTrue(out.contains("UNREACHABLE broker 127.0.0.1:"), out);
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
      assertEquals(1, result.code);
      assertOneLine(result, String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void aCertificateForAnotherKeyIsRefused() throws Exception {
    run("init");
    Files.delete(config.resolveSibling("gcks.keys"));
    assertEquals(0, run("init").code); // a new identity key beside the old certificate
    Result result = run("serve");
    assertEquals(1, result.code);
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
    assertEquals(1, result.code);
    assertOneLine(result, "ca.cert.pem");
  }

  @Test
  void aSecondServerOnTheSameKeysIsRefused() throws Exception {
    run("init");
    try (Served served = new Served()) {
      Files.writeString(
          config, Files.readString(config).replaceAll("port = \\d+", "port = " + freePort()));
      Result result = run("serve");
      assertEquals(5, result.code);
      assertOneLine(result, "gcks.keys");
      served.join();
    }
  }

  private static void assertOneLine(Result result, int code, String... parts) {
    for (String part : parts) {
      assertOneLine(result, part);
    }
    assertEquals(code, result.code, result.err);
  }

  private static void assertOneLine(Result result, String part) {
    assertTrue(result.err.contains(part), result.err);
    assertEquals(1, result.err.lines().count(), result.err);
  }

  private Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    boolean configured = arguments.length > 0 && !arguments[0].startsWith("-");
    String[] all = arguments;
    if (configured && !arguments[0].equals("frobnicate")) {
      all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
      all[arguments.length] = "--config";
      all[arguments.length + 1] = config.toString();
    }
    InstantSource clock = () -> now;
    int code =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), new SecureRandom(), clock, all);
    return new Result(code, out.toString(), err.toString());
  }

  private static int freePort() throws Exception {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  private static Bytes request() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    var ecdsa = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
    return Bytes.copyOf(
        new PKCS10CertificationRequestBuilder(
                new X500Name("CN=m1.fleet.example"),
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
            .build(
                new BcECContentSignerBuilder(
                        ecdsa, new DefaultDigestAlgorithmIdentifierFinder().find(ecdsa))
                    .build(PrivateKeyFactory.createKey(pair.getPrivate().getEncoded())))
            .getEncoded());
  }

  /** A server on a thread of its own, which owns it. */
  private final class Served implements AutoCloseable {
    private final CountDownLatch started = new CountDownLatch(1);
    private final AtomicReference<@Nullable Daemon> daemon = new AtomicReference<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Thread thread;

    Served() throws Exception {
      thread = new Thread(this::serve, "served");
      thread.start();
      assertTrue(started.await(WAIT_SECONDS, TimeUnit.SECONDS));
      rethrow();
    }

    private void serve() {
      try (Daemon mine =
          Daemon.start(SettingsReader.read(config), new SecureRandom(), InstantSource.system())) {
        mine.serveCommands(
            SettingsReader.read(config).server().adminSocket(),
            new AdminCommands(mine.server())::answer);
        daemon.set(mine);
        started.countDown();
        mine.run();
      } catch (Exception e) {
        failure.set(e);
        started.countDown();
      }
    }

    void join() throws Exception {
      Daemon running = daemon.get();
      if (running != null) {
        running.stop();
      }
      thread.join(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
      assertFalse(thread.isAlive());
      rethrow();
    }

    private void rethrow() throws Exception {
      Exception e = failure.get();
      if (e != null) {
        throw e;
      }
    }

    @Override
    public void close() {
      Daemon running = daemon.get();
      if (running != null) {
        running.stop();
      }
    }
  }
}
