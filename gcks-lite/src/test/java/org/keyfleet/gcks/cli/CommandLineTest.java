package org.keyfleet.gcks.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.enrolment.PemFile;
import org.keyfleet.protocol.octets.Bytes;

/** The commands as a user meets them: help, first start, questions to the running server. */
class CommandLineTest extends CommandFixture {
  @Test
  void initServeAndAskTheServer() throws Exception {
    assertEquals(0, run("init").code());
    Result again = run("init");
    assertEquals(0, again.code(), again.err());
    assertEquals("", again.out(), "a second init changes nothing");
    try (Served served = new Served()) {
      Result status = run("status", "--json");
      assertEquals(0, status.code(), status.err());
      JsonObject report = JsonParser.object().from(status.out());
      assertEquals("gcks.example", report.getString("identity"));
      assertEquals("up", report.getObject("custody").getString("state"));
      assertTrue(run("status").out().contains("group fleet: 0 members"));
      assertEquals(0, run("rekey", "fleet").code());
      assertEquals(2, run("rekey", "other").code());
      assertEquals(1, run("evict", "fleet", "m1.example").code());
      assertTrue(run("member", "list", "fleet").out().contains("m1.example blocked"));
      assertEquals(0, run("member", "add", "fleet", "M1.example").code());
      assertTrue(run("member", "list", "fleet", "--json").out().contains("\"m1.example\""));
      assertEquals(1, run("member", "remove", "fleet", "m1.example").code());
      assertTrue(run("audit").out().contains("evicted m1.example"));
      assertEquals(0, run("group", "list").code());
      assertTrue(run("group", "log", "fleet", "--json").out().contains("\"rekeys\":[]"));
      served.join();
    }
    Result gone = run("status");
    assertEquals(3, gone.code());
    assertOneLine(gone, "is 'keyfleet-gcks serve' running?");
  }

  @Test
  void enrolIssuesForARequest() throws Exception {
    run("init");
    Path csr = config.resolveSibling("m1.csr");
    Files.writeString(csr, PemFile.text("CERTIFICATE REQUEST", request()));
    Path out = config.resolveSibling("m1.pem");
    Result result = run("member", "enroll", "--csr", csr.toString(), "--out", out.toString());
    assertEquals(0, result.code(), result.err());
    assertTrue(Files.readString(out).startsWith("-----BEGIN CERTIFICATE-----"));
    Result wrong = run("member", "enroll", "--csr", config.toString(), "--out", out.toString());
    assertEquals(1, wrong.code());
    assertOneLine(wrong, "no PEM block 'CERTIFICATE REQUEST'");
    assertEquals(2, run("member", "enroll").code());
  }

  @Test
  void usageErrorsAreOneLine() {
    Result unknown = run("frobnicate");
    assertEquals(2, unknown.code());
    assertOneLine(unknown, "frobnicate");
    Result half = run("evict", "fleet");
    assertEquals(2, half.code());
    assertOneLine(half, "'MEMBER'; see keyfleet-gcks evict --help");
    assertTrue(run("--version").out().startsWith("keyfleet-gcks 0."));
    assertEquals(0, run("--help").code());
    assertEquals(0, run("member", "list", "--help").code());
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
    assertEquals(0, run("init").code());
  }

  @Test
  void aBrokerThatIsDownIsAStateAndNoEnd() throws Exception {
    run("init");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("[ca]", "[mqtt]\nbroker = \"mqtt://127.0.0.1:" + freePort() + "\"\n[ca]"));
    try (Served served = new Served()) {
      String out = run("status").out();
      for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
          !out.contains("refuses connections: check that it runs") && System.nanoTime() < end; ) {
        out = run("status").out();
      }
      assertTrue(out.contains("UNREACHABLE broker 127.0.0.1:"), out);
      served.join();
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
}
