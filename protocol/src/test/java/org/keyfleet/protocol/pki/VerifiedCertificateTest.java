package org.keyfleet.protocol.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.UntrustedCertificateException.Reason;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SoftSigner;
import org.keyfleet.testkit.TestPki;

/** ID types of RFC 7296 section 3.5 against the names of a certificate. */
class VerifiedCertificateTest {
  private static final int IPV4_ADDR = 1;
  private static final int FQDN = 2;
  private static final int RFC822_ADDR = 3;
  private static final int IPV6_ADDR = 5;
  private static final int DER_ASN1_DN = 9;
  private static final int KEY_ID = 11;

  private final TestPki pki = TestPki.create("fleet", SignatureScheme.ED25519);
  private final Bytes spki =
      SoftSigner.generate(SignatureScheme.ED25519, new SecureRandom()).subjectPublicKeyInfo();

  @Test
  void namesOfEveryKind() throws Exception {
    VerifiedCertificate device =
        verified(
            new GeneralName(GeneralName.dNSName, "Kiosk.example"),
            new GeneralName(GeneralName.rfc822Name, "stb@example"),
            new GeneralName(GeneralName.iPAddress, "192.0.2.7"),
            new GeneralName(GeneralName.iPAddress, "2001:db8::7"));
    assertTrue(device.hasIdentity(FQDN, Bytes.ofUtf8("kiosk.EXAMPLE")));
    assertTrue(device.hasIdentity(RFC822_ADDR, Bytes.ofUtf8("stb@example")));
    assertTrue(device.hasIdentity(IPV4_ADDR, Bytes.of(192, 0, 2, 7)));
    assertTrue(device.hasIdentity(IPV6_ADDR, Bytes.fromHex("20010db8000000000000000000000007")));
    assertTrue(device.hasIdentity(DER_ASN1_DN, device.subject()));
    assertEquals("CN=device", device.subjectText());
  }

  @Test
  void nothingElseIsProved() throws Exception {
    VerifiedCertificate device =
        verified(
            new GeneralName(GeneralName.dNSName, "kiosk.example"),
            new GeneralName(GeneralName.dNSName, "*.fleet.example"));
    assertFalse(device.hasIdentity(FQDN, Bytes.ofUtf8("device")), "the CN is no FQDN");
    assertFalse(device.hasIdentity(FQDN, Bytes.ofUtf8("a.fleet.example")), "no wildcards");
    assertFalse(device.hasIdentity(FQDN, Bytes.ofUtf8("kiosk.example\0")));
    assertFalse(device.hasIdentity(FQDN, Bytes.EMPTY));
    assertFalse(device.hasIdentity(RFC822_ADDR, Bytes.ofUtf8("kiosk.example")));
    assertFalse(device.hasIdentity(KEY_ID, Bytes.ofUtf8("kiosk.example")));
    // the Kelvin sign folds to the letter k
    assertFalse(device.hasIdentity(FQDN, Bytes.ofUtf8("\u212aiosk.example")));
  }

  /** As a name constraint has it: read as a host name, it would be looked up. */
  @Test
  void addressWithMaskIsMalformed() {
    DEROctetString subnet = new DEROctetString(Bytes.fromHex("c0000200ffffff00").toArray());
    UntrustedCertificateException e =
        assertThrows(
            UntrustedCertificateException.class,
            () -> verified(new GeneralName(GeneralName.iPAddress, subnet)));
    assertEquals(Reason.MALFORMED, e.reason());
  }

  private VerifiedCertificate verified(GeneralName... names) throws Exception {
    CertificateChain chain = pki.issue("device", List.of(names), KeyUsage.digitalSignature, spki);
    return TrustAnchors.ofPem(pki.caPem()).verify(chain, Instant.now());
  }
}
