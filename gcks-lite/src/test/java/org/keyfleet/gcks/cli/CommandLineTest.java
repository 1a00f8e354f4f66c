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
    assertEquals(2, run("evict", "fleet").code);
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
    Result early = run("serve");
    assertEquals(1, early.code);
    assertOneLine(early, "set the clock");
    now = now.plus(Duration.ofDays(4000));
    assertOneLine(run("serve"), "set the clock");
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
