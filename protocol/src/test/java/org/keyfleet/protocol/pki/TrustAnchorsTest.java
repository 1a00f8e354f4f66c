package org.keyfleet.protocol.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.UntrustedCertificateException.Reason;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SoftSigner;
import org.keyfleet.testkit.TestPki;

class TrustAnchorsTest {
  private static final int ID_FQDN = 2;

  private final SecureRandom random = new SecureRandom();
  private final SoftSigner device = SoftSigner.generate(SignatureScheme.ECDSA_P256_SHA256, random);
  private final TestPki pki = TestPki.create("fleet", SignatureScheme.ECDSA_P256_SHA256);

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "ECDSA_P256_SHA256", "ECDSA_P384_SHA384", "RSA_PSS_SHA256"})
  void chainProvesItsName(SignatureScheme scheme) throws Exception {
    TestPki ca = TestPki.create("fleet", scheme);
    CertificateChain chain = ca.issue("stb-1.example", device.subjectPublicKeyInfo());
    VerifiedCertificate verified = TrustAnchors.ofPem(ca.caPem()).verify(chain, Instant.now());
    assertEquals(device.subjectPublicKeyInfo(), verified.subjectPublicKeyInfo());
    assertTrue(verified.hasIdentity(ID_FQDN, Bytes.ofUtf8("STB-1.example")));
    assertFalse(verified.hasIdentity(ID_FQDN, Bytes.ofUtf8("stb-2.example")));
    assertFalse(verified.hasIdentity(11, Bytes.ofUtf8("stb-1.example")));
  }

  @Test
  void otherCaIsNamed() throws Exception {
    CertificateChain chain =
        TestPki.create("other", SignatureScheme.ED25519)
            .issue("a.example", device.subjectPublicKeyInfo());
    UntrustedCertificateException e = refused(chain, Instant.now());
    assertEquals(Reason.WRONG_CA, e.reason());
    assertTrue(e.toString().contains("CN=other"), e.toString());
  }

  @Test
  void sameNameOtherKeyIsRefused() throws Exception {
    CertificateChain chain =
        TestPki.create("fleet", SignatureScheme.ECDSA_P256_SHA256)
            .issue("a.example", device.subjectPublicKeyInfo());
    assertEquals(Reason.BAD_SIGNATURE, refused(chain, Instant.now()).reason());
  }

  @Test
  void clockFarOffIsNamed() throws Exception {
    CertificateChain chain = pki.issue("a.example", device.subjectPublicKeyInfo());
    assertEquals(Reason.EXPIRED, refused(chain, Instant.now().plus(Duration.ofDays(400))).reason());
    assertEquals(Reason.NOT_YET_VALID, refused(chain, Instant.EPOCH).reason());
  }

  @Test
  void tooManyCertificatesAreNotParsed() throws Exception {
    Bytes leaf = pki.issue("a.example", device.subjectPublicKeyInfo()).leaf();
    assertEquals(
        Reason.TOO_LONG,
        refused(new CertificateChain(Collections.nCopies(7, leaf)), Instant.now()).reason());
  }

  @Test
  void everyFlippedBitIsRefused() throws Exception {
    Bytes leaf = pki.issue("a.example", device.subjectPublicKeyInfo()).leaf();
    TrustAnchors anchors = TrustAnchors.ofPem(pki.caPem());
    for (int at = 0; at < leaf.size(); at++) {
      byte[] flipped = leaf.toArray();
      flipped[at] ^= (byte) (1 << at % 8);
      CertificateChain chain = new CertificateChain(List.of(Bytes.copyOf(flipped)));
      assertThrows(UntrustedCertificateException.class, () -> anchors.verify(chain, Instant.now()));
    }
  }

  @Test
  void anchorAtTheEndOfTheChainIsStepped() throws Exception {
    CertificateChain chain = pki.issue("a.example", device.subjectPublicKeyInfo());
    Bytes anchor = CertificateChain.ofPem(pki.caPem()).leaf();
    CertificateChain longer = new CertificateChain(List.of(chain.leaf(), anchor));
    assertEquals(
        "CN=a.example",
        TrustAnchors.ofPem(pki.caPem()).verify(longer, Instant.now()).subjectText());
  }

  @Test
  void subordinateCaIsFollowed() throws Exception {
    TestPki line = pki.subordinate("line 1").subordinate("line 1 b");
    CertificateChain chain = line.issue("a.example", device.subjectPublicKeyInfo());
    assertEquals(3, chain.certificates().size());
    TrustAnchors.ofPem(pki.caPem()).verify(chain, Instant.now());
    CertificateChain gap = new CertificateChain(List.of(chain.leaf(), chain.certificates().get(2)));
    assertEquals(Reason.WRONG_CA, refused(gap, Instant.now()).reason());
  }

  @Test
  void deviceIsNoCa() throws Exception {
    CertificateChain chain =
        pki.impostor("stb-1.example").issue("stb-2.example", device.subjectPublicKeyInfo());
    assertEquals(Reason.NOT_PERMITTED, refused(chain, Instant.now()).reason());
  }

  @Test
  void keyThatMayNotSignIsRefused() throws Exception {
    CertificateChain chain =
        pki.issue("a.example", List.of(), KeyUsage.keyEncipherment, device.subjectPublicKeyInfo());
    assertEquals(Reason.NOT_PERMITTED, refused(chain, Instant.now()).reason());
  }

  @Test
  void exactlyOneDerCertificateIsTaken() throws Exception {
    CertificateChain chain = pki.issue("a.example", device.subjectPublicKeyInfo());
    Bytes trailing = Bytes.concat(chain.leaf(), Bytes.of(0));
    Bytes base64 = Bytes.ofUtf8(TestPki.pem(chain));
    Bytes oversized = Bytes.copyOf(new byte[CertificateChain.MAX_CERTIFICATE_OCTETS + 1]);
    assertEquals(Reason.MALFORMED, refusedLeaf(trailing));
    assertEquals(Reason.MALFORMED, refusedLeaf(base64));
    assertEquals(Reason.MALFORMED, refusedLeaf(Bytes.EMPTY));
    assertEquals(Reason.TOO_LONG, refusedLeaf(oversized));
  }

  /** RFC 7296 section 3.7: over the whole Subject Public Key Info element. */
  @Test
  void keyHashIsOverTheWholeKeyInfo() throws Exception {
    Bytes anchor = CertificateChain.ofPem(pki.caPem()).leaf();
    byte[] spki =
        Certificate.getInstance(anchor.toArray()).getSubjectPublicKeyInfo().getEncoded("DER");
    byte[] hash = MessageDigest.getInstance("SHA-1").digest(spki);
    assertEquals(List.of(Bytes.copyOf(hash)), TrustAnchors.ofPem(pki.caPem()).keyHashes());
  }

  /** The JDK drops these bits when they are zero, and so finds the signature as it was. */
  @Test
  void unusedBitsOfTheSignatureAreRefused() throws Exception {
    TestPki ca = TestPki.create("fleet", SignatureScheme.ED25519);
    Bytes leaf;
    do {
      leaf = ca.issue("a.example", device.subjectPublicKeyInfo()).leaf();
    } while (leaf.at(leaf.size() - 1) % 2 != 0);
    TrustAnchors anchors = TrustAnchors.ofPem(ca.caPem());
    anchors.verify(new CertificateChain(List.of(leaf)), Instant.now());
    byte[] octets = leaf.toArray();
    octets[octets.length - 64 - 1] = 1;
    CertificateChain chain = new CertificateChain(List.of(Bytes.copyOf(octets)));
    UntrustedCertificateException e =
        assertThrows(
            UntrustedCertificateException.class, () -> anchors.verify(chain, Instant.now()));
    assertEquals(Reason.MALFORMED, e.reason());
  }

  private Reason refusedLeaf(Bytes leaf) throws Exception {
    return refused(new CertificateChain(List.of(leaf)), Instant.now()).reason();
  }

  private UntrustedCertificateException refused(CertificateChain chain, Instant now)
      throws Exception {
    TrustAnchors anchors = TrustAnchors.ofPem(pki.caPem());
    return assertThrows(UntrustedCertificateException.class, () -> anchors.verify(chain, now));
  }
}
