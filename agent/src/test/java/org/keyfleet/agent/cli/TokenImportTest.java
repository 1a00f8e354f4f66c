package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SoftSigner;
import org.keyfleet.testkit.TestPki;

/** Certificates that are for the identity key, and many that are not; those change nothing. */
class TokenImportTest {
  private static final long DAY_SECONDS = 86_400;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private Device device;

  @SuppressWarnings("NullAway.Init")
  private Bytes key;

  @SuppressWarnings("NullAway.Init")
  private String before;

  @BeforeEach
  void makeDevice() throws Exception {
    device = new Device(directory).made();
    key = Device.publicKey(directory.resolve("csr.pem"));
    assertTrue(imported(device.pki.issue(Device.NAME, key)).succeeds().contains("stored"));
    before = Files.readString(directory.resolve("cert.pem"));
  }

  @Test
  void aChainOverAnIntermediateIsTaken() throws Exception {
    CertificateChain chain = device.pki.subordinate("Issuing CA").issue(Device.NAME, key);
    assertEquals(2, chain.certificates().size());
    imported(chain).succeeds();
    assertEquals(TestPki.pem(chain), Files.readString(directory.resolve("cert.pem")));
    assertTrue(device.run("token").succeeds().contains("to change\n  nothing"));
  }

  @Test
  void aCertificateOfAnotherKeyOrNameIsRefused() throws Exception {
    SoftSigner other = SoftSigner.generate(SignatureScheme.ECDSA_P256_SHA256, new SecureRandom());
    refused(device.pki.issue(Device.NAME, other.subjectPublicKeyInfo()), "is for another key");
    refused(device.pki.issue("m2.fleet.example", key), "but agent.id is " + Device.NAME);
  }

  @Test
  void oneThatIsOverOrNotYetValidIsRefused() throws Exception {
    Instant now = Instant.now();
    Instant past = now.minusSeconds(DAY_SECONDS);
    refused(
        device.pki.issue(Device.NAME, key, past.minusSeconds(DAY_SECONDS), past),
        "CN=" + Device.NAME + " is valid from ",
        "set the clock, or have it renewed");
    refused(
        device.pki.issue(
            Device.NAME, key, now.plusSeconds(DAY_SECONDS), now.plusSeconds(2 * DAY_SECONDS)),
        "is valid from ");
  }

  @Test
  void oneThatIsNotForSignaturesIsRefused() throws Exception {
    List<GeneralName> names = List.of(new GeneralName(GeneralName.dNSName, Device.NAME));
    refused(
        device.pki.issue(Device.NAME, names, KeyUsage.keyAgreement, key), "lacks digitalSignature");
  }

  @Test
  void aChainThatDoesNotHangTogetherIsRefused() throws Exception {
    TestPki middle = device.pki.subordinate("Issuing CA");
    CertificateChain good = middle.issue(Device.NAME, key);
    Bytes stranger =
        TestPki.create("Other CA", SignatureScheme.ECDSA_P256_SHA256)
            .subordinate("Other issuing CA")
            .issue(Device.NAME, key)
            .certificates()
            .get(1);
    refused(
        new CertificateChain(List.of(good.leaf(), stranger)), "was issued by CN=Issuing CA, but");
    Bytes sameName =
        TestPki.create("Other CA", SignatureScheme.ECDSA_P256_SHA256)
            .subordinate("Issuing CA")
            .issue(Device.NAME, key)
            .certificates()
            .get(1);
    refused(new CertificateChain(List.of(good.leaf(), sameName)), "the signature of CN=Issuing CA");
    refused(device.pki.impostor("A device").issue(Device.NAME, key), "in the chain and is no CA");
    refused(
        new CertificateChain(List.of(good.certificates().get(1), good.leaf())),
        "is it first in the file");
  }

  @Test
  void whatIsNoCertificateOrNotThereIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("new.pem"), "nothing\n");
    device
        .run("token", "import-cert", file.toString())
        .fails(ExitCode.FAILED, file + ": PEM: no CERTIFICATE block; nothing has changed");
    device
        .run("token", "import-cert", directory.resolve("absent").toString())
        .fails(ExitCode.FAILED, "absent: no such file");
    device.run("token", "import-cert").fails(ExitCode.USAGE, "FILE");
    device.run("token", "wipe", "--yes", device.value("label")).succeeds();
    device
        .run("token", "import-cert", directory.resolve("cert.pem").toString())
        .fails(ExitCode.TOKEN, "holds no identity key: run token csr");
  }

  private void refused(CertificateChain chain, String... says) throws Exception {
    Device.Result result = imported(chain);
    result.fails(ExitCode.FAILED, says);
    assertTrue(result.err().contains("; nothing has changed"), result.err());
    assertEquals(before, Files.readString(directory.resolve("cert.pem")));
    assertTrue(device.run("token", "info", "--json").succeeds().contains("\"certificate\":true"));
  }

  private Device.Result imported(CertificateChain chain) throws Exception {
    Path file = Files.writeString(directory.resolve("new.pem"), TestPki.pem(chain));
    return device.run("token", "import-cert", file.toString());
  }
}
