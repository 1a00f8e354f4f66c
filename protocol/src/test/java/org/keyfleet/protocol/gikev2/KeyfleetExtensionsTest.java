package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.protocol.gikev2.KfGkma.Algorithm;
import org.keyfleet.protocol.ike.VendorIdPayload;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/** The vectors of docs/protocol-extensions.md. */
class KeyfleetExtensionsTest {
  private static final Properties VECTORS = load();

  private static Properties load() {
    Properties vectors = new Properties();
    try (InputStream in =
        KeyfleetExtensionsTest.class.getResourceAsStream("extension-vectors.properties")) {
      vectors.load(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return vectors;
  }

  private static Bytes vector(String name) {
    return Bytes.fromHex(Objects.requireNonNull(VECTORS.getProperty(name), name));
  }

  private static Bytes encoded(Attribute attribute) {
    ByteWriter out = new ByteWriter();
    Attribute.encodeAll(List.of(attribute), out);
    return out.toBytes();
  }

  private static RekeySaPolicy policyWith(Bytes attributes) throws MalformedMessageException {
    return TestGroup.rekeySa(
        TestGroup.SA1,
        TestGroup.GCM,
        SaAttributes.lifetime(60).withOthers(Attribute.decodeAll(attributes.reader())));
  }

  private static MemberKeyBag bagWith(Bytes attributes) throws MalformedMessageException {
    return MemberKeyBag.EMPTY.withOthers(Attribute.decodeAll(attributes.reader()));
  }

  @Test
  void documentShowsEveryVector() throws IOException {
    Path root = Path.of(System.getProperty("user.dir"));
    while (!Files.exists(root.resolve("docs/protocol-extensions.md"))) {
      root = Objects.requireNonNull(root.getParent(), "docs/protocol-extensions.md");
    }
    String text =
        Files.readString(root.resolve("docs/protocol-extensions.md"), StandardCharsets.UTF_8)
            .replaceAll("[\\s`|]", "");
    for (String name : VECTORS.stringPropertyNames()) {
      assertTrue(text.contains(vector(name).hex()), name + " is not in the document");
    }
  }

  @Test
  void vendorIdTellsWhoSpeaks() {
    assertEquals(vector("vendorId"), KeyfleetExtensions.VENDOR_ID);
    VendorIdPayload ours = new VendorIdPayload(KeyfleetExtensions.VENDOR_ID);
    VendorIdPayload other = new VendorIdPayload(Bytes.of(1));
    assertTrue(KeyfleetExtensions.spokenBy(List.of(other, ours)));
    assertFalse(KeyfleetExtensions.spokenBy(List.of(other)));
  }

  @Test
  void gkmaVectors() throws MalformedMessageException {
    KfGkma lkh = new KfGkma(Algorithm.LKH, 4, 10, false, true);
    assertEquals(vector("gkma.lkhStrict"), encoded(lkh.toAttribute()));
    assertEquals(Optional.of(lkh), KfGkma.find(policyWith(vector("gkma.lkhStrict"))));
    KfGkma none = new KfGkma(Algorithm.NULL, 0, 0, false, false);
    assertEquals(vector("gkma.null"), encoded(none.toAttribute()));
    assertEquals(
        Optional.of(new KfGkma(Algorithm.LKH, 2, 3, true, false)),
        KfGkma.find(policyWith(vector("gkma.unknownBits"))));
    assertEquals(Optional.empty(), KfGkma.find(policyWith(Bytes.EMPTY)));
  }

  @Test
  void chainVectors() throws Exception {
    KfGkma ofc = new KfGkma(Algorithm.OFC, 2, 20, false, false);
    assertEquals(vector("gkma.ofc"), encoded(ofc.toAttribute()));
    assertEquals(Optional.of(ofc), KfGkma.find(policyWith(vector("gkma.ofc"))));
    KfChain chains = KfChain.of(List.of(Map.entry(4L, 8L), Map.entry(8L, 9L), Map.entry(9L, 12L)));
    assertEquals(vector("chain.attribute"), encoded(chains.toAttribute()));
    KfChain read = KfChain.find(bagWith(vector("chain.attribute")));
    assertEquals("4->8..9 9->12..12", read.toString());
    assertEquals(OptionalLong.of(4), read.from(8));
    assertEquals(OptionalLong.of(8), read.from(9));
    assertEquals(OptionalLong.of(9), read.from(12));
    for (long other : new long[] {0, 4, 7, 10, 11, 13, 0xffff_ffffL}) {
      assertEquals(OptionalLong.empty(), read.from(other));
    }
    assertEquals(vector("chain.label"), KfChain.label(8));
    Bytes input = sha256(KfChain.label(8));
    assertEquals(vector("chain.labelSha256"), input);
    assertEquals(vector("chain.key256"), aesEcb(vector("chain.from256"), input));
    assertEquals(
        vector("chain.key128"), aesEcb(vector("chain.from256").slice(0, 16), input.slice(0, 16)));
  }

  /** From is older than First, chains are ascending and apart, no longer than a tree is high. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "40020009 00000004 00000008 00",
        "4002000a 00000000 00000008 0001",
        "4002000a 00000004 00000008 0000",
        "4002000a 00000004 00000008 0041",
        "4002000a 00000008 00000008 0001",
        "4002000a 00000009 00000008 0001",
        "4002000a 00000004 ffffffff 0002",
        "40020014 00000004 00000008 0002 00000009 00000009 0001",
        "40020014 00000004 00000008 0001 00000003 00000007 0001",
        "4002000a 00000004 00000008 0001 4002000a 00000004 00000009 0001",
      })
  void chainsThatAreNoneAreRefused(String attributes) {
    assertThrows(
        MalformedMessageException.class,
        () -> KfChain.find(bagWith(Bytes.fromHex(attributes.replace(" ", "")))));
  }

  @Test
  void aChainIsNoLongerThanATreeIsHigh() {
    List<Map.Entry<Long, Long>> derivations = new ArrayList<>();
    for (long id = 1; id <= 100; id++) {
      derivations.add(Map.entry(id, id + 1));
    }
    KfChain chains = KfChain.of(derivations);
    assertEquals("1->2..65 65->66..101", chains.toString());
    assertEquals(OptionalLong.of(65), chains.from(66));
    assertThrows(
        IllegalArgumentException.class,
        () -> KfChain.of(List.of(Map.entry(4L, 8L), Map.entry(5L, 8L))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "40000005 02 01 04 0a 00", // version
        "40000005 01 06 04 0a 00", // algorithm
        "40000004 01 01 04 0a", // too short
        "40000006 01 01 04 0a 00 00", // too long
        "c0000101", // TV
        "40000005 01 01 04 0a 00 40000005 01 01 04 0a 00" // twice
      })
  void badGkma(String hex) throws MalformedMessageException {
    RekeySaPolicy policy = policyWith(Bytes.fromHex(hex));
    assertThrows(MalformedMessageException.class, () -> KfGkma.find(policy));
  }

  @Test
  void agreeVectors() throws MalformedMessageException {
    KfAgree agree = new KfAgree(99, vector("agree.gcksPublic"));
    assertEquals(vector("agree.attribute"), encoded(agree.toAttribute()));
    assertEquals(Optional.of(agree), KfAgree.find(bagWith(vector("agree.attribute"))));
    assertEquals(Optional.empty(), KfAgree.find(MemberKeyBag.EMPTY));
    assertEquals(vector("agree.label"), KfAgree.LABEL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "40010048 02 00 0013 00000063", // version
        "40010048 01 00 001f 00000063", // X25519
        "40010048 01 00 0013 00000000" // Key ID 0
      })
  void badAgree(String head) throws MalformedMessageException {
    MemberKeyBag bag = bagWith(Bytes.concat(Bytes.fromHex(head), vector("agree.gcksPublic")));
    assertThrows(MalformedMessageException.class, () -> KfAgree.find(bag));
  }

  @Test
  void agreeTooShortTooLongOrTwice() throws MalformedMessageException {
    Bytes good = vector("agree.attribute");
    MemberKeyBag shorter =
        bagWith(Bytes.concat(Bytes.fromHex("40010047"), good.slice(4, good.size() - 1)));
    MemberKeyBag longer =
        bagWith(Bytes.concat(Bytes.fromHex("40010049"), good.slice(4, good.size()), Bytes.of(0)));
    MemberKeyBag twice = bagWith(Bytes.concat(good, good));
    assertThrows(MalformedMessageException.class, () -> KfAgree.find(shorter));
    assertThrows(MalformedMessageException.class, () -> KfAgree.find(longer));
    assertThrows(MalformedMessageException.class, () -> KfAgree.find(twice));
  }

  /** Every step of the derivation, from both private keys. */
  @Test
  void agreedKeyOpensTheMembersKey() throws Exception {
    assertEquals(vector("agree.z"), ecdh("agree.memberPrivate", "agree.gcksPublic"));
    assertEquals(vector("agree.z"), ecdh("agree.gcksPrivate", "agree.memberPublic"));
    assertEquals(vector("agree.labelSha256"), sha256(KfAgree.LABEL));
    assertEquals(vector("agree.agreedKey"), aesEcb(vector("agree.z"), vector("agree.labelSha256")));

    Bytes wrapKey = vector("agree.wrapKey");
    WrappedKey wrapped = WrappedKey.decode(wrapKey.slice(4, wrapKey.size()));
    assertEquals(new WrappedKey(7, 99, vector("agree.wrapped")), wrapped);
    try (SecretBytes agreed = SecretBytes.takeFrom(vector("agree.agreedKey").toArray());
        SecretBytes own = KeyWrap.KW_5649_256.unwrap(agreed, wrapped.encryptedKey())) {
      assertTrue(own.matches(vector("agree.memberKey").toArray()));
    }
  }

  private static Bytes ecdh(String privateName, String publicName) {
    X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
    byte[] uncompressed = Bytes.concat(Bytes.of(4), vector(publicName)).toArray();
    BigInteger scalar = new BigInteger(1, vector(privateName).toArray());
    ECPoint shared = curve.getCurve().decodePoint(uncompressed).multiply(scalar).normalize();
    return Bytes.copyOf(shared.getAffineXCoord().getEncoded());
  }

  private static Bytes aesEcb(Bytes key, Bytes blocks) {
    BlockCipher aes = AESEngine.newInstance();
    aes.init(true, new KeyParameter(key.toArray()));
    byte[] out = new byte[blocks.size()];
    for (int at = 0; at < out.length; at += aes.getBlockSize()) {
      aes.processBlock(blocks.toArray(), at, out, at);
    }
    return Bytes.copyOf(out);
  }

  private static Bytes sha256(Bytes message) throws NoSuchAlgorithmException {
    return Bytes.copyOf(MessageDigest.getInstance("SHA-256").digest(message.toArray()));
  }
}
