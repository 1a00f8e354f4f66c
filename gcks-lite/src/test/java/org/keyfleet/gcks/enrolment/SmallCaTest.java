package org.keyfleet.gcks.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.operator.bc.BcEdECContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.protocol.octets.Bytes;

class SmallCaTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final SecureRandom random = new SecureRandom();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"EC", "Ed25519"})
  void issuedCertificateIsValidForTheDevicesKeyAndName(String algorithm) throws Exception {
    SmallCa made = create();
    SmallCa ca = SmallCa.load(directory.resolve("ca.pem"), directory.resolve("ca.key"), random);
    assertEquals(made.certificate(), ca.certificate());
    DeviceRequest request =
        DeviceRequest.verify(request(algorithm, "CN=M1.fleet.example"), Optional.empty());
    Bytes der = ca.issue(request.identity(), request.spki(), NOW, Duration.ofDays(1));

    X509Certificate leaf = certificate(der);
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(certificate(ca.certificate()), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(java.util.Date.from(NOW));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf)), parameters);
    assertEquals(
        List.of(List.of(2, "m1.fleet.example")), List.copyOf(leaf.getSubjectAlternativeNames()));
    assertEquals(request.spki(), Bytes.copyOf(leaf.getPublicKey().getEncoded()));
  }

  @Test
  void noFlippedBitChangesWhatIsCertified() throws Exception {
    Bytes request = request("Ed25519", "CN=m1.fleet.example");
    DeviceRequest whole = DeviceRequest.verify(request, Optional.empty());
    int refused = 0;
    for (int bit = 0; bit < request.size() * 8; bit++) {
      byte[] flipped = request.toArray();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        // a few bits around the signature mean nothing; the signed part is what counts
        assertEquals(whole, DeviceRequest.verify(Bytes.copyOf(flipped), Optional.empty()));
      } catch (EnrolmentException e) {
        refused++;
      }
    }
    assertTrue(refused > request.size() * 8 - 64, refused + " refused");
  }

  @Test
  void truncatedRequestsAreRefused() throws Exception {
    Bytes request = request("EC", "CN=m1.fleet.example");
    for (int size = 0; size < request.size(); size++) {
      Bytes cut = request.slice(0, size);
      assertThrows(EnrolmentException.class, () -> DeviceRequest.verify(cut, Optional.empty()));
    }
  }

  @Test
  void theKeyFileIsPrivateAndNeverReplaced() throws Exception {
    create();
    Path key = directory.resolve("ca.key");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    byte[] before = Files.readAllBytes(key);
    EnrolmentException e = assertThrows(EnrolmentException.class, this::create);
    assertTrue(String.valueOf(e.getMessage()).contains("exists already"));
    assertEquals(Bytes.copyOf(before), Bytes.copyOf(Files.readAllBytes(key)));
  }

  @Test
  void namesAreChecked() throws Exception {
    Bytes request = request("EC", "CN=m1 fleet");
    assertThrows(EnrolmentException.class, () -> DeviceRequest.verify(request, Optional.empty()));
    assertEquals(
        "m2.fleet.example",
        DeviceRequest.verify(request, Optional.of("m2.fleet.example")).identity());
  }

  private SmallCa create() throws EnrolmentException {
    return SmallCa.create(
        "Test CA", directory.resolve("ca.pem"), directory.resolve("ca.key"), NOW, random);
  }

  private Bytes request(String algorithm, String subject) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    }
    KeyPair pair = generator.generateKeyPair();
    var privateKey = PrivateKeyFactory.createKey(pair.getPrivate().getEncoded());
    ContentSigner signer;
    if (algorithm.equals("EC")) {
      var ecdsa = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
      signer =
          new BcECContentSignerBuilder(
                  ecdsa, new DefaultDigestAlgorithmIdentifierFinder().find(ecdsa))
              .build(privateKey);
    } else {
      signer =
          new BcEdECContentSignerBuilder(
                  new DefaultSignatureAlgorithmIdentifierFinder().find("Ed25519"))
              .build(privateKey);
    }
    return Bytes.copyOf(
        new PKCS10CertificationRequestBuilder(
                new X500Name(subject),
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
            .build(signer)
            .getEncoded());
  }

  private static X509Certificate certificate(Bytes der) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(der.toArray()));
  }
}
