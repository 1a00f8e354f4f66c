package org.keyfleet.protocol.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.testkit.BitFlips;
import org.keyfleet.testkit.VectorFile;

class SignatureSchemeTest {
  private static final Bytes MESSAGE = Bytes.ofUtf8("signed octets");

  private final SecureRandom random = new SecureRandom();

  @Test
  void identifiersOfTheRfcs() {
    for (List<String> row :
        VectorFile.rows(SignatureSchemeTest.class, "algorithm-identifiers.txt", 2)) {
      assertEquals(
          Optional.of(SignatureScheme.valueOf(row.get(0))),
          SignatureScheme.ofAlgorithmIdentifier(Bytes.fromHex(row.get(1))));
    }
    for (List<String> row :
        VectorFile.rows(SignatureSchemeTest.class, "refused-algorithm-identifiers.txt", 2)) {
      assertEquals(
          Optional.empty(),
          SignatureScheme.ofAlgorithmIdentifier(Bytes.fromHex(row.get(1))),
          row.get(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ownIdentifierIsFoundAndNothingNearIt(SignatureScheme scheme) {
    Bytes der = scheme.algorithmIdentifier();
    assertEquals(Optional.of(scheme), SignatureScheme.ofAlgorithmIdentifier(der));
    BitFlips.of(der)
        .forEach(
            bad ->
                assertFalse(
                    SignatureScheme.ofAlgorithmIdentifier(bad).equals(Optional.of(scheme)),
                    bad::hex));
    BitFlips.truncations(der)
        .forEach(bad -> assertEquals(Optional.empty(), SignatureScheme.ofAlgorithmIdentifier(bad)));
  }

  /** RFC 7427 section 7 and RFC 8420 section 2: the numbers of SIGNATURE_HASH_ALGORITHMS. */
  @Test
  void hashNumbers() {
    assertEquals(5, SignatureScheme.ED25519.hashId());
    assertEquals(2, SignatureScheme.ECDSA_P256_SHA256.hashId());
    assertEquals(3, SignatureScheme.ECDSA_P384_SHA384.hashId());
    assertEquals(2, SignatureScheme.RSA_PSS_SHA256.hashId());
    assertEquals(3, SignatureScheme.RSA_PSS_SHA384.hashId());
    assertEquals(4, SignatureScheme.RSA_PSS_SHA512.hashId());
    assertEquals(5, SignatureScheme.ML_DSA_44.hashId());
    assertEquals(5, SignatureScheme.ML_DSA_65.hashId());
  }

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "ECDSA_P256_SHA256", "RSA_PSS_SHA512", "ML_DSA_44", "ML_DSA_65"})
  void changedSignaturesAndMessagesAreRefused(SignatureScheme scheme) throws Exception {
    try (SoftSigner signer = SoftSigner.generate(scheme, random)) {
      Bytes spki = signer.subjectPublicKeyInfo();
      Bytes signature = signer.sign(MESSAGE);
      scheme.verify(spki, MESSAGE, signature);
      // one bit of each octet: Wycheproof has the encodings that matter
      BitFlips.ofEachOctet(signature).forEach(bad -> assertRefused(scheme, spki, MESSAGE, bad));
      BitFlips.of(MESSAGE).forEach(bad -> assertRefused(scheme, spki, bad, signature));
      assertRefused(scheme, spki, MESSAGE, Bytes.EMPTY);
      assertRefused(scheme, spki, MESSAGE, signature.slice(0, signature.size() - 1));
      try (SoftSigner other = SoftSigner.generate(scheme, random)) {
        assertRefused(scheme, other.subjectPublicKeyInfo(), MESSAGE, signature);
      }
      assertRefused(scheme, spki, MESSAGE, Bytes.concat(signature, Bytes.of(0)));
      assertRefused(scheme, spki, MESSAGE, Bytes.copyOf(new byte[1 << 16]));
      for (SignatureScheme other : SignatureScheme.values()) {
        if (other != scheme) {
          assertRefused(other, spki, MESSAGE, signature);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "ECDSA_P256_SHA256", "ECDSA_P384_SHA384", "ML_DSA_44"})
  void changedKeysDoNotVerify(SignatureScheme scheme) throws Exception {
    try (SoftSigner signer = SoftSigner.generate(scheme, random)) {
      Bytes spki = signer.subjectPublicKeyInfo();
      Bytes signature = signer.sign(MESSAGE);
      BitFlips.of(spki).forEach(bad -> assertRefused(scheme, bad, MESSAGE, signature));
      BitFlips.truncations(spki).forEach(bad -> assertFalse(scheme.fits(bad)));
      assertFalse(scheme.fits(Bytes.concat(spki, Bytes.of(0))));
    }
  }

  @Test
  void rsaKeysOutOfBoundsDoNotFit() throws Exception {
    BigInteger f4 = BigInteger.valueOf(65537);
    assertTrue(rsaFits(modulus(2048), f4));
    assertFalse(rsaFits(ofBits(1024), f4));
    assertFalse(rsaFits(ofBits(2047), f4));
    assertFalse(rsaFits(ofBits(8193), f4));
    assertFalse(rsaFits(modulus(2048), BigInteger.ONE.shiftLeft(32).add(BigInteger.ONE)));
    assertFalse(rsaFits(modulus(2048).negate(), f4));
  }

  /** Refused by its size, so it need not be a product of two primes. */
  private static BigInteger ofBits(int bits) {
    return BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
  }

  private BigInteger modulus(int bits) {
    BigInteger modulus;
    do {
      modulus =
          BigInteger.probablePrime(bits / 2, random)
              .multiply(BigInteger.probablePrime(bits / 2, random));
    } while (modulus.bitLength() != bits);
    return modulus;
  }

  private static boolean rsaFits(BigInteger modulus, BigInteger exponent) throws Exception {
    SubjectPublicKeyInfo info =
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
            new DERSequence(
                new ASN1Integer[] {new ASN1Integer(modulus), new ASN1Integer(exponent)}));
    return SignatureScheme.RSA_PSS_SHA256.fits(Bytes.copyOf(info.getEncoded("DER")));
  }

  private static void assertRefused(
      SignatureScheme scheme, Bytes spki, Bytes message, Bytes signature) {
    assertThrows(NotAuthenticException.class, () -> scheme.verify(spki, message, signature));
  }
}
