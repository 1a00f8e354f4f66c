package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.testkit.CommentedHex;
import org.keyfleet.testkit.Mutations;

/** Each payload alone in a chain, good and bad. */
class PayloadCodecTest {
  record Case(String name, int type, Bytes octets) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, PayloadType type, String hex) {
    return new Case(name, type.code(), CommentedHex.octets(hex));
  }

  static Stream<Case> good() {
    return Stream.of(
        of(
            "saTwoProposals",
            PayloadType.SA,
            """
            00 00 00 50          // SA, 80 octets
            02 00 00 2c          // more proposals, 44 octets
            01 01 00 04          // number 1, IKE, no SPI, 4 transforms
            03 00 00 0c 01 00 00 14 80 0e 00 80  // ENCR AES-GCM-16, key length 128
            03 00 00 08 02 00 00 05              // PRF HMAC-SHA2-256
            03 00 00 08 04 00 00 1f              // KE Curve25519
            00 00 00 08 0d 00 00 01              // KWA KW_5649_128
            00 00 00 20          // last proposal, 32 octets
            02 06 04 02          // number 2, GIKE_UPDATE, SPI of 4, 2 transforms
            aa bb cc dd
            03 00 00 0c 0e 00 00 02 00 12 00 00  // GCAUTH, attribute 18 empty, in the TLV form
            00 00 00 08 0d 00 00 03              // KWA KW_5649_256
            """),
        of(
            "saGroupWithUnknownTransform",
            PayloadType.SA,
            """
            00 00 00 22
            00 00 00 1e 01 06 00 02
            03 00 00 08 f1 00 04 00              // type 241, id 1024
            00 00 00 0e 0e 00 00 02 00 12 00 02 05 00
            """),
        of(
            "ke",
            PayloadType.KE,
            """
            00 00 00 0c          // 12 octets
            00 1f 00 00          // method 31
            01 02 03 04
            """),
        of("idInitiatorFqdn", PayloadType.IDI, "00 00 00 0e 02 000000 6d312e6c6162 // m1.lab"),
        of("idResponderIpv4", PayloadType.IDR, "00 00 00 0c 01 000000 0a4d0001"),
        of(
            "idResponderIpv6",
            PayloadType.IDR,
            "00 00 00 18 05 000000 fd00000000000000 0000000000000001"),
        of("idGroupKeyId", PayloadType.IDG, "00 00 00 0d 0b 000000 6c6f626279 // lobby"),
        of("idUnknownType", PayloadType.IDI, "00 00 00 09 c9 000000 01"),
        of("cert", PayloadType.CERT, "00 00 00 07 04 30 00"),
        of(
            "certReq",
            PayloadType.CERTREQ,
            "00 00 00 19 04 000102030405060708090a0b0c0d0e0f10111213"),
        of("certReqWithoutAuthority", PayloadType.CERTREQ, "00 00 00 05 04"),
        of("auth", PayloadType.AUTH, "00 00 00 0a 02 000000 eeee"),
        of("nonceShortest", PayloadType.NONCE, "00 00 00 14" + "ab".repeat(16)),
        of("nonceLongest", PayloadType.NONCE, "00 00 01 04" + "ab".repeat(256)),
        of("notifyEmpty", PayloadType.NOTIFY, "00 00 00 08 00 00 402e // fragmentation supported"),
        of(
            "notifyWithSpi",
            PayloadType.NOTIFY,
            "00 00 00 0e 03 04 000b 01020304 0506 // INVALID_SPI"),
        of("notifyUnknown", PayloadType.NOTIFY, "00 00 00 09 00 00 ffff 01"),
        of("deleteIkeSa", PayloadType.DELETE, "00 00 00 08 01 00 0000"),
        of("deleteGroup", PayloadType.DELETE, "00 00 00 08 00 00 0000"),
        of("deleteAllData", PayloadType.DELETE, "00 00 00 0c 03 04 0001 00000000"),
        of(
            "deleteRekeySas",
            PayloadType.DELETE,
            "00 00 00 28 06 10 0002" + "51".repeat(16) + "00".repeat(16)),
        of("vendorId", PayloadType.VENDOR_ID, "00 00 00 08 4b464c54"),
        of("vendorIdEmpty", PayloadType.VENDOR_ID, "00 00 00 04"),
        of("gsa", PayloadType.GSA, "00 00 00 08 03040010"),
        of("kd", PayloadType.KD, "00 00 00 08 03040010"),
        of("tsi", PayloadType.TSI, "00 00 00 06 0100"),
        of("eap", PayloadType.EAP, "00 00 00 05 01"),
        new Case("unassigned", 200, CommentedHex.octets("00 00 00 05 ff")),
        new Case(
            "chain",
            PayloadType.NOTIFY.code(),
            CommentedHex.octets(
                """
                2b 00 00 08 00 00 402e // notify, then vendor ID
                c8 00 00 05 01         // vendor ID, then type 200
                00 00 00 04            // nothing in it
                """)));
  }

  static Stream<Case> bad() {
    return Stream.of(
        of("lengthBelowHeader", PayloadType.NOTIFY, "00 00 00 03"),
        of("lengthOverEnd", PayloadType.NOTIFY, "00 00 00 09 00 00 402e"),
        of("octetsBehindLast", PayloadType.NOTIFY, "00 00 00 08 00 00 402e 00"),
        of("nextPayloadMissing", PayloadType.NOTIFY, "29 00 00 08 00 00 402e"),
        of("skInside", PayloadType.SK, "00 00 00 08 00000000"),
        of("skAnnouncedAtTheEnd", PayloadType.NOTIFY, "2e 00 00 08 00 00 402e"),
        of("skfInside", PayloadType.SKF, "00 00 00 0c 0001000100000000"),
        new Case("unknownCritical", 200, CommentedHex.octets("00 80 00 04")),
        of("saEmpty", PayloadType.SA, "00 00 00 04"),
        of("saMoreButNone", PayloadType.SA, "00 00 00 0c 02 00 0008 01010000"),
        of("saLastButMore", PayloadType.SA, "00 00 00 14 00 00 0008 01010000 00 00 0008 02010000"),
        of("saMarkerWrong", PayloadType.SA, "00 00 00 0c 01 00 0008 01010000"),
        of("proposalNumberZero", PayloadType.SA, "00 00 00 0c 00 00 0008 00010000"),
        of("proposalTooShort", PayloadType.SA, "00 00 00 0c 00 00 0007 01010000"),
        of("proposalTooLong", PayloadType.SA, "00 00 00 0c 00 00 0009 01010000"),
        of("proposalSpiOver", PayloadType.SA, "00 00 00 0c 00 00 0008 01010400"),
        of(
            "proposalSpiTooLong",
            PayloadType.SA,
            "00 00 00 1d 00 00 0019 01011100" + "00".repeat(17)),
        of(
            "transformCountTooHigh",
            PayloadType.SA,
            "00 00 00 14 00 00 0010 01010002 0000000802000005"),
        of(
            "transformCountTooLow",
            PayloadType.SA,
            "00 00 00 14 00 00 0010 01010000 0000000802000005"),
        of(
            "transformMarkerWrong",
            PayloadType.SA,
            "00 00 00 14 00 00 0010 01010001 0200000802000005"),
        of("transformTooShort", PayloadType.SA, "00 00 00 14 00 00 0010 01010001 0000000702000005"),
        of(
            "attributeCut",
            PayloadType.SA,
            "00 00 00 17 00 00 0013 01010001 0000000b01000014800e00"),
        of(
            "attributeLengthOver",
            PayloadType.SA,
            "00 00 00 18 00 00 0014 01010001 0000000c0e00000200120001"),
        of(
            "attributeTwice",
            PayloadType.SA,
            "00 00 00 1c 00 00 0018 01010001 0000001001000014800e0080800e0100"),
        of("keCut", PayloadType.KE, "00 00 00 07 001f00"),
        of("keEmpty", PayloadType.KE, "00 00 00 08 001f0000"),
        of("keTooLong", PayloadType.KE, "00 00 10 09 001f0000" + "00".repeat(4097)),
        of("idCut", PayloadType.IDI, "00 00 00 07 020000"),
        of("idEmpty", PayloadType.IDI, "00 00 00 08 02000000"),
        of("idIpv4TooShort", PayloadType.IDR, "00 00 00 0b 01000000 0a4d00"),
        of("idIpv6TooLong", PayloadType.IDR, "00 00 00 19 05000000" + "00".repeat(17)),
        of("idTooLong", PayloadType.IDG, "00 00 10 09 0b000000" + "00".repeat(4097)),
        of("certEmpty", PayloadType.CERT, "00 00 00 05 04"),
        of("certTooLong", PayloadType.CERT, "00 00 40 06 04" + "00".repeat(16385)),
        of("certReqUneven", PayloadType.CERTREQ, "00 00 00 18 04" + "00".repeat(19)),
        of("certReqWithoutEncoding", PayloadType.CERTREQ, "00 00 00 04"),
        of("authCut", PayloadType.AUTH, "00 00 00 07 020000"),
        of("authEmpty", PayloadType.AUTH, "00 00 00 08 02000000"),
        of("authTooLong", PayloadType.AUTH, "00 00 10 09 02000000" + "00".repeat(4097)),
        of("nonceTooShort", PayloadType.NONCE, "00 00 00 13" + "ab".repeat(15)),
        of("nonceTooLong", PayloadType.NONCE, "00 00 01 05" + "ab".repeat(257)),
        of("notifyCut", PayloadType.NOTIFY, "00 00 00 07 000040"),
        of("notifySpiOver", PayloadType.NOTIFY, "00 00 00 08 0304000b"),
        of("deleteCut", PayloadType.DELETE, "00 00 00 07 010000"),
        of("deleteCountTooHigh", PayloadType.DELETE, "00 00 00 0c 03040002 00000000"),
        of("deleteCountTooLow", PayloadType.DELETE, "00 00 00 0c 03040000 00000000"),
        of("deleteManyOfNothing", PayloadType.DELETE, "00 00 00 08 0300ffff"),
        of("deleteSpiTooLong", PayloadType.DELETE, "00 00 00 19 03110001" + "00".repeat(17)));
  }

  @ParameterizedTest
  @MethodSource("good")
  void reencodesIdentically(Case good) throws MalformedMessageException {
    PayloadList payloads = PayloadChain.decode(good.type, good.octets);
    assertEquals(good.octets, PayloadChain.encode(payloads.all()));
    assertEquals(good.type, PayloadChain.firstType(payloads.all()));
  }

  @ParameterizedTest
  @MethodSource("good")
  void refusesEveryTruncation(Case good) {
    Mutations.truncations(good.octets)
        .forEach(
            cut ->
                assertThrows(
                    MalformedMessageException.class,
                    () -> PayloadChain.decode(good.type, cut),
                    () -> cut.size() + " octets"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesEveryBadOne(Case bad) {
    MalformedMessageException refused =
        assertThrows(
            MalformedMessageException.class, () -> PayloadChain.decode(bad.type, bad.octets));
    assertEquals(0, refused.getStackTrace().length);
    assertNotEquals("", refused.getMessage());
  }

  @ParameterizedTest
  @MethodSource("good")
  void toStringIsSafe(Case good) throws MalformedMessageException {
    String text = PayloadChain.decode(good.type, good.octets).toString();
    assertTrue(text.length() < 2000, text);
  }

  /** Structured bodies are refused also when the cut is hidden by a matching payload length. */
  @ParameterizedTest
  @MethodSource("good")
  void refusesStructuresCutInside(Case good) {
    boolean structured =
        good.type == PayloadType.SA.code()
            || good.type == PayloadType.DELETE.code()
            || good.type == PayloadType.CERTREQ.code();
    for (int octets = 4; structured && octets < good.octets.size(); octets++) {
      byte[] cut = good.octets.slice(0, octets).toArray();
      cut[2] = (byte) (octets >> 8);
      cut[3] = (byte) octets;
      boolean emptyCertReq = good.type == PayloadType.CERTREQ.code() && octets == 5;
      if (!emptyCertReq) {
        assertThrows(
            MalformedMessageException.class,
            () -> PayloadChain.decode(good.type, Bytes.copyOf(cut)),
            () -> cut.length + " octets");
      }
    }
  }

  @Test
  void boundsTheNumberOfPayloads() throws MalformedMessageException {
    String notify = "29 00 00 08 00 00 402e";
    String last = "00 00 00 08 00 00 402e";
    Bytes most = Bytes.fromHex(notify.repeat(PayloadChain.MAX_PAYLOADS - 1) + last);
    Bytes more = Bytes.fromHex(notify.repeat(PayloadChain.MAX_PAYLOADS) + last);
    int type = PayloadType.NOTIFY.code();
    assertEquals(PayloadChain.MAX_PAYLOADS, PayloadChain.decode(type, most).all().size());
    assertThrows(MalformedMessageException.class, () -> PayloadChain.decode(type, more));
  }

  @Test
  void boundsTheNumberOfProposals() throws MalformedMessageException {
    assertEquals(64, decodeSa(64).proposals().size());
    assertThrows(MalformedMessageException.class, () -> decodeSa(65));
  }

  private static SaPayload decodeSa(int proposals) throws MalformedMessageException {
    String hex = "02 00 0008 01010000".repeat(proposals - 1) + "00 00 0008 01010000";
    return SaPayload.decode(Bytes.fromHex(hex).reader());
  }

  @Test
  void boundsTheNumberOfTransforms() throws MalformedMessageException {
    String more = "03 00 0008 02 00 0005";
    String last = "00 00 0008 02 00 0005";
    assertEquals(
        128, TransformCodec.decode(Bytes.fromHex(more.repeat(127) + last).reader()).size());
    assertThrows(
        MalformedMessageException.class,
        () -> TransformCodec.decode(Bytes.fromHex(more.repeat(128) + last).reader()));
  }

  @Test
  void boundsTheNumberOfAttributes() {
    StringBuilder attributes = new StringBuilder();
    for (int type = 0; type < 9; type++) {
      attributes.append("80 0%d 0000 ".formatted(type));
    }
    Bytes transform = Bytes.fromHex("00 00 002c 01 00 000c" + attributes);
    assertThrows(MalformedMessageException.class, () -> TransformCodec.decode(transform.reader()));
  }

  @Test
  void unknownCriticalPayloadNamesItsType() {
    UnsupportedCriticalPayloadException refused =
        assertThrows(
            UnsupportedCriticalPayloadException.class,
            () -> PayloadChain.decode(200, Bytes.fromHex("00 80 00 04")));
    assertEquals(200, refused.payloadType());
  }

  /** RFC 7296 section 2.5: a receiver that understands the type ignores the critical bit. */
  @Test
  void criticalBitOfAKnownPayloadIsIgnored() throws MalformedMessageException {
    PayloadList payloads = PayloadChain.decode(41, Bytes.fromHex("00 80 00 08 00 00 402e"));
    assertTrue(payloads.hasNotify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
  }

  @Test
  void reservedFieldsAreIgnored() throws MalformedMessageException {
    PayloadList payloads = PayloadChain.decode(35, Bytes.fromHex("00 7f 00 0a 02 ffffff 6d31"));
    assertEquals(
        List.of(IdPayload.of(IdPayload.Kind.INITIATOR, IdType.ID_FQDN, Bytes.ofUtf8("m1"))),
        payloads.all());
  }

  @Test
  void constructorsRefuseOurOwnMistakes() {
    assertThrows(IllegalArgumentException.class, () -> new NoncePayload(Bytes.of(1)));
    assertThrows(IllegalArgumentException.class, () -> new SaPayload(List.of()));
    assertThrows(IllegalArgumentException.class, () -> new KePayload(31, Bytes.EMPTY));
    assertThrows(IllegalArgumentException.class, () -> new AuthPayload(2, Bytes.EMPTY));
    assertThrows(IllegalArgumentException.class, () -> new CertReqPayload(4, Bytes.of(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new IdPayload(IdPayload.Kind.GROUP, IdType.ID_IPV4_ADDR.code(), Bytes.of(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new DeletePayload(3, List.of(Bytes.of(1, 2, 3, 4), Bytes.of(1))));
    assertThrows(
        IllegalArgumentException.class, () -> new TransformAttribute(14, true, Bytes.of(1)));
  }

  @Test
  void readsAttributesByName() throws MalformedMessageException {
    Bytes der = Bytes.fromHex("300506032b6570");
    Transform signature = new Transform(14, 2, List.of(TransformAttribute.signatureAlgorithm(der)));
    assertEquals(der, signature.signatureAlgorithm().orElseThrow());
    assertEquals(256, Transform.encryption(20, 256).keyBits().orElseThrow());
    assertTrue(Transform.of(TransformType.PRF, 5).keyBits().isEmpty());
  }

  @Test
  void splitsCertificateAuthorities() {
    Bytes first = Bytes.fromHex("01".repeat(20));
    Bytes second = Bytes.fromHex("02".repeat(20));
    assertEquals(List.of(first, second), CertReqPayload.x509(List.of(first, second)).keyHashes());
  }
}
