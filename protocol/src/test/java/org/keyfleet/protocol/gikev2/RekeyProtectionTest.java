package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.protocol.gikev2.RekeySaUnderTest.fresh;

import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SoftSigner;
import org.keyfleet.testkit.BitFlips;

/** Authentication of GSA_REKEY messages (RFC 9838 sections 2.4.1.1 and 4.4.2.1.1). */
class RekeyProtectionTest {
  private static final int SK_HEADER_END = 28 + 4;

  @ParameterizedTest
  @EnumSource(
      value = SignatureScheme.class,
      names = {"ED25519", "ECDSA_P256_SHA256", "ECDSA_P384_SHA384", "ML_DSA_44", "ML_DSA_65"})
  void signedMessageOpens(SignatureScheme scheme) throws Exception {
    for (CipherSuite cipher : List.of(TestGroup.GCM, TestGroup.CBC, CipherSuite.aead(28, 0))) {
      RekeySaUnderTest sa = new RekeySaUnderTest(cipher, scheme);
      RekeyOpener member = sa.member();
      for (int i = 0; i < 8; i++) { // ECDSA: signatures of several lengths
        AuthenticRekey rekey = fresh(member, sa.sealOne(TestGroup.newRekeySa()));
        assertEquals(TestGroup.newRekeySa(), rekey.content());
        assertEquals(i, rekey.messageId());
        assertEquals(TestGroup.SA1, rekey.over());
        assertEquals(0, rekey.missed());
      }
    }
  }

  /** The signature verified by hand, from the octets on the wire and figure 10 alone. */
  @Test
  void signatureCoversAdjustedHeadersAndInnerPayloads() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    Bytes datagram = sa.sealOne(TestGroup.newRekeySa());
    Bytes clear = datagram.slice(0, SK_HEADER_END);
    byte[] plaintext =
        sa.suite
            .cipher()
            .open(
                sa.keys.encryption(),
                sa.keys.integrity(),
                clear,
                datagram.slice(SK_HEADER_END, datagram.size()));
    Bytes inner = Bytes.copyOf(plaintext, 0, plaintext.length - 1); // GCM: pad length only
    Bytes signature = inner.slice(inner.size() - 64, inner.size());
    Bytes signed =
        new ByteWriter()
            .bytes(clear.slice(0, 24))
            .u32(SK_HEADER_END + inner.size()) // AdjustedLen
            .bytes(clear.slice(28, 30))
            .u16(4 + inner.size()) // AdjustedPldLen
            .bytes(inner.slice(0, inner.size() - 64))
            .zeros(64)
            .toBytes();
    SignatureScheme.ED25519.verify(sa.signer.subjectPublicKeyInfo(), signed, signature);
    // AUTH: method 14, RESERVED, ASN.1 length, AlgorithmIdentifier
    assertEquals(
        "0e00000007300506032b6570", inner.slice(inner.size() - 64 - 12, inner.size() - 64).hex());
    assertEquals(0x20, clear.at(17)); // version 2.0
    assertEquals(41, clear.at(18)); // GSA_REKEY
    assertEquals(0, clear.at(19)); // flags I and R clear
  }

  @Test
  void everyFlippedBitIsRefusedAndChangesNothing() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    RekeyOpener member = sa.member();
    Bytes datagram = sa.sealOne(TestGroup.newRekeySa());
    for (int bit = 0; bit < datagram.size() * 8; bit++) {
      byte[] flipped = datagram.toArray();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(isRefused(member, Bytes.copyOf(flipped)), "bit " + bit);
    }
    for (int size = 0; size < datagram.size(); size++) {
      Bytes cut = datagram.slice(0, size);
      assertThrows(MalformedMessageException.class, () -> member.open(cut, 0));
    }
    assertEquals(0, member.nextMessageId());
    assertEquals(0, fresh(member, datagram).messageId());
  }

  private static boolean isRefused(RekeyOpener member, Bytes datagram)
      throws NotAllowedHereException {
    try {
      member.open(datagram, 0);
      return false;
    } catch (NotAuthenticException | MalformedMessageException e) {
      return true;
    }
  }

  /** A member knows the keys of the Rekey SA and still cannot send as the GCKS. */
  @Test
  void memberCannotForgeASignedMessage() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    RekeyOpener member = sa.member();
    List<Payload> payloads = TestGroup.newRekeySa().payloads();

    refused(member, sa.sealRaw(0, payloads)); // no AUTH

    SoftSigner other = SoftSigner.generate(SignatureScheme.ED25519, TestGroup.RANDOM);
    refused(member, sa.sealRaw(0, signed(payloads, other))); // another key

    SoftSigner ecdsa = SoftSigner.generate(SignatureScheme.ECDSA_P256_SHA256, TestGroup.RANDOM);
    refused(member, sa.sealRaw(0, signed(payloads, ecdsa))); // another algorithm

    List<Payload> replaced = new ArrayList<>(signed(payloads, sa.signer));
    replaced.set(0, TestGroup.policyOf(otherPolicy()).toPayload());
    refused(member, sa.sealRaw(0, replaced)); // the GCKS's signature over another policy

    refused(member, sa.sealRaw(1, signed(payloads, sa.signer))); // under another Message ID

    List<Payload> sharedKey = new ArrayList<>(payloads);
    sharedKey.add(new AuthPayload(AuthPayload.SHARED_KEY, Bytes.fromHex("11".repeat(32))));
    refused(member, sa.sealRaw(0, sharedKey)); // another method

    assertEquals(0, fresh(member, sa.sealOne(TestGroup.newRekeySa())).messageId());
  }

  /** Sealed by a member, so that only the signature can tell. */
  @ParameterizedTest
  @EnumSource(
      value = SignatureScheme.class,
      names = {"ML_DSA_44", "ML_DSA_65"})
  void flippedBitOfASignatureIsRefused(SignatureScheme scheme) throws Exception {
    RekeySaUnderTest sa = new RekeySaUnderTest(TestGroup.GCM, scheme);
    RekeyOpener member = sa.member();
    List<Payload> payloads = signed(TestGroup.newRekeySa().payloads(), sa.signer);
    Bytes data = ((AuthPayload) payloads.get(payloads.size() - 1)).data();
    for (Bytes bad : (Iterable<Bytes>) BitFlips.ofEachOctet(data)::iterator) {
      List<Payload> changed = new ArrayList<>(payloads);
      changed.set(payloads.size() - 1, new AuthPayload(AuthPayload.DIGITAL_SIGNATURE, bad));
      refused(member, sa.sealRaw(0, changed));
    }
    assertEquals(0, fresh(member, sa.sealRaw(0, payloads)).messageId());
  }

  private static RekeySaPolicy otherPolicy() {
    return TestGroup.rekeySa(TestGroup.SA2, TestGroup.GCM, SaAttributes.lifetime(99));
  }

  private static List<Payload> signed(List<Payload> payloads, SoftSigner signer) throws Exception {
    return RekeySignature.signed(RekeySaUnderTest.header(0, false), payloads, signer);
  }

  private static void refused(RekeyOpener member, Bytes datagram) {
    NotAuthenticException fault =
        assertThrows(NotAuthenticException.class, () -> member.open(datagram, 0));
    assertEquals(0, fault.getStackTrace().length);
  }

  @Test
  void implicitAuthenticationHasNoAuthPayload() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    RekeyOpener member = sa.member(new RekeyVerifier.ByIcv());
    Bytes datagram = sa.gcks.sealImplicit(TestGroup.newRekeySa(), RekeySealer.UNFRAGMENTED).get(0);
    assertEquals(TestGroup.newRekeySa(), fresh(member, datagram).content());
    // "the AUTH payload MUST NOT be included"
    refused(member, sa.sealOne(TestGroup.newRekeySa()));
  }

  @Test
  void authKeyRollsOver() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    RekeyOpener member = sa.member();
    SoftSigner next = SoftSigner.generate(SignatureScheme.ED25519, TestGroup.RANDOM);
    RekeyContent plain = TestGroup.newRekeySa();
    RekeyContent rollOver =
        RekeyContent.of(
            plain.update().orElseThrow().policy(),
            TestGroup.with(
                plain.update().orElseThrow().keys(),
                MemberKeyBag.EMPTY.withAuthKey(next.subjectPublicKeyInfo())));

    fresh(member, sa.sealOne(rollOver)); // still signed with the old key
    assertEquals(RekeySaUnderTest.verifier(next), member.verifier());
    refused(member, sa.sealOne(plain));
    Bytes byNext = sa.gcks.sealSigned(plain, next, RekeySealer.UNFRAGMENTED).get(0);
    assertEquals(2, fresh(member, byNext).messageId());
  }

  @Test
  void newAuthKeyMustFitTheMethod() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    SoftSigner ecdsa = SoftSigner.generate(SignatureScheme.ECDSA_P256_SHA256, TestGroup.RANDOM);
    KeyDownload keys =
        TestGroup.with(
            TestGroup.keysOf(TestGroup.SA2, TestGroup.UNDER_GSK_W),
            MemberKeyBag.EMPTY.withAuthKey(ecdsa.subjectPublicKeyInfo()));
    RekeyContent content = RekeyContent.of(TestGroup.policyOf(otherPolicy()), keys);
    Bytes signed = sa.sealOne(content);
    RekeyOpener member = sa.member();
    assertThrows(NotAllowedHereException.class, () -> member.open(signed, 0));
    assertEquals(sa.verifier(), member.verifier());
    assertEquals(1, member.nextMessageId()); // authentic: its Message ID is used up

    assertThrows(
        NotAllowedHereException.class,
        () -> sa.gcks.sealImplicit(content, RekeySealer.UNFRAGMENTED));
    RekeyOpener implicit = sa.member(new RekeyVerifier.ByIcv());
    Bytes raw = sa.sealRaw(5, content.payloads());
    assertThrows(NotAllowedHereException.class, () -> implicit.open(raw, 0));
  }

  /** RSASSA-PSS: the AUTH_KEY names the scheme with its parameters, and only that scheme. */
  @Test
  void rsaPssAuthKeyCarriesItsParameters() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
    SoftSigner rsa;
    try (SecretBytes key = SecretBytes.takeFrom(pkcs8)) {
      rsa = SoftSigner.ofPkcs8(key, TestGroup.RANDOM);
    }
    Bytes authKey = AuthKey.of(rsa);
    assertTrue(authKey.hex().contains(rsa.scheme().algorithmIdentifier().hex()));
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    RekeyOpener member = sa.member(RekeyVerifier.bySignature(rsa.scheme(), authKey));
    Bytes datagram =
        sa.gcks.sealSigned(TestGroup.newRekeySa(), rsa, RekeySealer.UNFRAGMENTED).get(0);
    assertEquals(0, fresh(member, datagram).messageId());

    assertThrows(
        NotAllowedHereException.class,
        () -> RekeyVerifier.bySignature(SignatureScheme.RSA_PSS_SHA512, authKey));
    RekeyVerifier.bySignature(SignatureScheme.RSA_PSS_SHA512, rsa.subjectPublicKeyInfo());
  }

  @Test
  void authKeyOfOtherSchemesIsTheirSubjectPublicKeyInfo() {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    assertEquals(sa.signer.subjectPublicKeyInfo(), AuthKey.of(sa.signer));
  }

  @Test
  void ivNeverRepeats() throws Exception {
    RekeySaUnderTest sa = RekeySaUnderTest.ed25519();
    Set<String> ivs = new HashSet<>();
    int datagrams = 0;
    for (int i = 0; i < 20; i++) {
      List<Bytes> fragments = sa.gcks.sealSigned(TestGroup.newRekeySa(), sa.signer, 200);
      for (Bytes fragment : fragments) {
        ivs.add(fragment.slice(SK_HEADER_END + 4, SK_HEADER_END + 12).hex());
        datagrams++;
      }
      Bytes whole = sa.sealOne(TestGroup.newRekeySa());
      ivs.add(whole.slice(SK_HEADER_END, SK_HEADER_END + 8).hex());
      datagrams++;
    }
    assertEquals(datagrams, ivs.size());
  }
}
