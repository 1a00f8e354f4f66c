package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** GSA bodies of RFC 9838 section 4.4, as hex with a comment on each field. */
class GroupPolicyDecoderTest {
  private static final String SPI = "a1a2a3a4a5a6a7a8 b1b2b3b4b5b6b7b8";
  private static final String ANY_UDP = "07 11 0010 0000 ffff 00000000 ffffffff";
  private static final String MULTICAST = "07 11 0010 0350 0350 ef010203 ef010203"; // 239.1.2.3:848
  private static final String GCM_256 = "03 00 000c 01 00 0014 800e 0100";
  private static final String GCM_256_LAST = "00 00 000c 01 00 0014 800e 0100";
  private static final String ED25519 = "03 00 0013 0e 00 0002 0012 0007 300506032b6570";
  private static final String IMPLICIT = "03 00 0008 0e 00 0001";
  private static final String KWA_256 = "00 00 0008 0d 00 0003"; // last
  private static final String SN_UNSPECIFIED = "00 00 0008 05 00 0002"; // last
  private static final String ONE_HOUR = "0001 0004 00000e10";

  private static final String REKEY_AT_REGISTRATION =
      "06 10 0063" + SPI + ANY_UDP + MULTICAST + GCM_256 + ED25519 + KWA_256 + ONE_HOUR;
  private static final String REKEY_IN_A_REKEY =
      "06 10 0050" + SPI + ANY_UDP + MULTICAST + GCM_256 + KWA_256 + ONE_HOUR;
  private static final String ESP =
      "03 04 0044 c1c2c3c4" + ANY_UDP + MULTICAST + GCM_256 + SN_UNSPECIFIED + ONE_HOUR;
  private static final String GROUP_WIDE = "00 00 0010 8001 0005 8002 000a 8003 0008";

  private static final CodecLoops<GroupPolicy> LOOPS =
      new CodecLoops<>(
          octets -> GroupPolicy.decode(octets.reader()), policy -> policy.toPayload().body());

  private static Map<String, String> good() {
    Map<String, String> good = new LinkedHashMap<>();
    good.put("Rekey SA at registration", REKEY_AT_REGISTRATION);
    good.put("Rekey SA in a rekey", REKEY_IN_A_REKEY);
    good.put(
        "Rekey SA with implicit authentication and KW_5649_128",
        "06 10 0058"
            + (SPI + ANY_UDP + MULTICAST + GCM_256 + IMPLICIT)
            + "00 00 0008 0d 00 0001"
            + ONE_HOUR);
    good.put(
        "Rekey SA of AES-CBC with HMAC-SHA2-256-128",
        "06 10 0058"
            + (SPI + ANY_UDP + MULTICAST)
            + "03 00 000c 01 00 000c 800e 0100 03 00 0008 03 00 000c"
            + (KWA_256 + ONE_HOUR));
    good.put(
        "Rekey SA joined late, with initial Message ID, two next SPIs and a private attribute",
        "06 10 008c"
            + (SPI + ANY_UDP + MULTICAST + GCM_256 + KWA_256 + ONE_HOUR)
            + "0002 0004 0000002a"
            + "0003 0010 01010101010101010101010101010101"
            + "0003 0010 02020202020202020202020202020202"
            + "4000 0004 01010403"
            + "c001 0007");
    good.put("ESP", ESP);
    good.put(
        "ESP with ChaCha20-Poly1305, sequential numbers and a next SPI",
        "03 04 0048 c1c2c3c4"
            + (ANY_UDP + MULTICAST)
            + "03 00 0008 01 00 001c 00 00 0008 05 00 0000"
            + (ONE_HOUR + "0003 0004 d1d2d3d4"));
    good.put(
        "AH with HMAC-SHA2-256-128",
        "02 04 0040 c1c2c3c4"
            + (ANY_UDP + MULTICAST)
            + ("03 00 0008 03 00 000c" + SN_UNSPECIFIED + ONE_HOUR));
    good.put("all together", REKEY_AT_REGISTRATION + ESP + GROUP_WIDE);
    good.put("empty group-wide policy beside ESP", ESP + "00 00 0004");
    return good;
  }

  private static Map<String, String> bad() {
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("no policy -> GSA: no SA policy", "");
    bad.put("group-wide policy only -> GSA: no SA policy", GROUP_WIDE);
    bad.put(
        "protocol IKE -> group SA protocol: 1", REKEY_IN_A_REKEY.replaceFirst("06 10", "01 10"));
    bad.put(
        "protocol unknown -> group SA protocol: 7",
        REKEY_IN_A_REKEY.replaceFirst("06 10", "07 10"));
    bad.put("SPI size of ESP 16 -> ESP SPI size: 16", ESP.replaceFirst("03 04", "03 10"));
    bad.put(
        "SPI size of GIKE_UPDATE 4 -> GIKE_UPDATE SPI size: 4",
        REKEY_IN_A_REKEY.replaceFirst("06 10", "06 04"));
    bad.put(
        "lengthTooShort -> attribute value: 4 octets wanted, 3 left",
        REKEY_IN_A_REKEY.replaceFirst("0050", "004f"));
    bad.put(
        "lengthTooLong -> GIKE_UPDATE policy: 77 octets wanted, 76 left",
        REKEY_IN_A_REKEY.replaceFirst("0050", "0051"));
    bad.put(
        "lengthBelowHeader -> GIKE_UPDATE policy length: 3",
        REKEY_IN_A_REKEY.replaceFirst("0050", "0003"));
    bad.put("SPI zero -> ESP SPI: 0", ESP.replace("c1c2c3c4", "00000000"));
    bad.put(
        "two Rekey SAs -> GSA: Rekey SA policy twice",
        REKEY_IN_A_REKEY + REKEY_IN_A_REKEY.replace("a1", "a9"));
    bad.put(
        "two group-wide policies -> GSA: group-wide policy twice", ESP + GROUP_WIDE + GROUP_WIDE);
    bad.put("one SPI twice -> GSA: ESP c1c2c3c4 twice", ESP + ESP);
    bad.put(
        "destination two ports -> Rekey SA: destination is not one UDP port of one multicast address",
        REKEY_IN_A_REKEY.replace("0350 0350", "0350 0351"));
    bad.put(
        "destination unicast -> Rekey SA: destination is not one UDP port of one multicast address",
        REKEY_IN_A_REKEY.replace("ef010203", "0a010203"));
    bad.put(
        "destination not UDP -> Rekey SA: destination is not one UDP port of one multicast address",
        REKEY_IN_A_REKEY.replace("07 11 0010 0350", "07 06 0010 0350"));
    bad.put(
        "KWA missing -> transform KWA: missing",
        "06 10 0048" + SPI + ANY_UDP + MULTICAST + GCM_256_LAST + ONE_HOUR);
    bad.put(
        "KWA reserved -> transform KWA: id 0 is reserved",
        REKEY_IN_A_REKEY.replace("0d 00 0003", "0d 00 0000"));
    bad.put(
        "KWA twice -> transform KWA: twice",
        "06 10 0058"
            + (SPI + ANY_UDP + MULTICAST + GCM_256 + "03 00 0008 0d 00 0003" + KWA_256 + ONE_HOUR));
    bad.put(
        "SN in a Rekey SA -> transform type 5",
        REKEY_IN_A_REKEY.replace("0d 00 0003", "05 00 0000"));
    bad.put(
        "implicit IV in a Rekey SA -> Rekey SA: cipher with implicit IV",
        REKEY_IN_A_REKEY.replace("01 00 0014", "01 00 001e"));
    bad.put(
        "AES-CBC without INTEG in a Rekey SA -> Rekey SA: no integrity algorithm",
        REKEY_IN_A_REKEY.replace("0014 800e", "000c 800e"));
    bad.put(
        "INTEG beside AEAD -> transform INTEG: beside an AEAD cipher",
        "06 10 0058"
            + (SPI + ANY_UDP + MULTICAST + GCM_256 + "03 00 0008 03 00 000c" + KWA_256 + ONE_HOUR));
    bad.put(
        "algorithm with implicit authentication -> GCAUTH 1: with an algorithm",
        REKEY_AT_REGISTRATION.replace("0e 00 0002", "0e 00 0001"));
    bad.put(
        "digital signature without algorithm -> GCAUTH: no algorithm",
        "06 10 0058"
            + (SPI + ANY_UDP + MULTICAST + GCM_256 + "03 00 0008 0e 00 0002" + KWA_256 + ONE_HOUR));
    bad.put(
        "64-bit sequence numbers -> transform SN: id 1", ESP.replace("05 00 0002", "05 00 0001"));
    bad.put(
        "implicit IV with unspecified numbers -> ESP c1c2c3c4: implicit IV without unique sequence numbers",
        ESP.replace("01 00 0014", "01 00 001e"));
    bad.put("KWA in ESP -> transform type 13", ESP.replace("05 00 0002", "0d 00 0002"));
    bad.put(
        "unknown transform attribute -> transform attribute 15",
        ESP.replace("800e 0100", "800f 0100"));
    bad.put(
        "lifetime as TV -> GSA_KEY_LIFETIME: TV where TLV is defined",
        "03 04 0040 c1c2c3c4" + tail(ESP, "8001 0e10"));
    bad.put(
        "lifetime of 2 octets -> GSA_KEY_LIFETIME: 2 octets wanted, 0 left",
        "03 04 0042 c1c2c3c4" + tail(ESP, "0001 0002 0e10"));
    bad.put(
        "lifetime twice -> GSA_KEY_LIFETIME: twice",
        "03 04 004c c1c2c3c4" + tail(ESP, ONE_HOUR + ONE_HOUR));
    bad.put(
        "initial Message ID in ESP -> ESP c1c2c3c4: GSA_INITIAL_MESSAGE_ID",
        ESP.replace("0001 0004", "0002 0004"));
    bad.put(
        "next SPI of 16 octets in ESP -> GSA_NEXT_SPI: 16 octets",
        "03 04 0050 c1c2c3c4" + tail(ESP, "0003 0010" + SPI));
    bad.put("ATD as TLV -> GWP_ATD: TLV where TV is defined", ESP + "00 00 000a 0001 0002 0005");
    bad.put("ATD twice -> GWP_ATD: twice", ESP + "00 00 000c 8001 0005 8001 0005");
    bad.put("Sender-ID of 0 bits -> GWP_SENDER_ID_BITS: 0", ESP + "00 00 0008 8003 0000");
    bad.put("Sender-ID of 33 bits -> GWP_SENDER_ID_BITS: 33", ESP + "00 00 0008 8003 0021");
    return bad;
  }

  /** {@code policy} without its length, SPI and attributes, but with {@code attributes}. */
  private static String tail(String policy, String attributes) {
    return policy.substring(policy.indexOf(ANY_UDP), policy.indexOf(ONE_HOUR)) + attributes;
  }

  @Test
  void goodOnesReencode() throws MalformedMessageException {
    LOOPS.reencodes(good());
  }

  @Test
  void truncationsFail() {
    LOOPS.truncationsFail(good());
  }

  @Test
  void badOnesFail() {
    LOOPS.badOnesFail(bad());
  }

  @Test
  void toStringIsSafe() throws MalformedMessageException {
    LOOPS.toStringIsSafe(good());
  }

  @Test
  void fieldsOfAFullPolicy() throws MalformedMessageException {
    GroupPolicy policy = decode(REKEY_AT_REGISTRATION + ESP + GROUP_WIDE);
    RekeySaPolicy rekey = policy.rekeySa().orElseThrow();
    assertEquals(GroupSaId.rekey(Bytes.fromHex(SPI)), rekey.id());
    assertEquals(0xa1a2a3a4a5a6a7a8L, rekey.id().initiatorSpi().value());
    assertEquals(0xb1b2b3b4b5b6b7b8L, rekey.id().responderSpi().value());
    assertEquals(TrafficSelector.of(17, Bytes.fromHex("ef010203"), 848), rekey.destination());
    assertEquals(CipherSuite.aead(20, 256), rekey.cipher());
    assertEquals(3, rekey.keyWrapId());
    assertEquals(
        Optional.of(new RekeyAuthentication.DigitalSignature(Bytes.fromHex("300506032b6570"))),
        rekey.authentication());
    assertEquals(OptionalLong.of(3600), rekey.attributes().lifetimeSeconds());
    assertTrue(RekeySuite.of(rekey).isPresent());
    assertTrue(RekeySuite.of(rekey).orElseThrow().keyWrapIsStrongEnough(policy));
    DataSaPolicy esp = policy.dataSas().get(0);
    assertEquals(SequenceNumbers.UNSPECIFIED_32, esp.sequenceNumbers());
    assertTrue(policy.usesCounterMode());
    assertEquals(
        Optional.of(GroupWidePolicy.of(OptionalInt.of(5), OptionalInt.of(10), OptionalInt.of(8))),
        policy.groupWide());
  }

  /** "Any or all ... RESERVED ... MUST be ignored on receipt." */
  @Test
  void reservedOctetOfGroupWidePolicyIsIgnored() throws MalformedMessageException {
    assertEquals(decode(ESP + GROUP_WIDE), decode(ESP + GROUP_WIDE.replaceFirst("00 00", "00 ff")));
  }

  /** Note (*) of the transform table: with AEAD, INTEG is absent or NONE. */
  @Test
  void integNoneIsTheSameAsNoInteg() throws MalformedMessageException {
    assertEquals(
        decode(REKEY_IN_A_REKEY),
        decode(
            "06 10 0058"
                + (SPI + ANY_UDP + MULTICAST + GCM_256)
                + "03 00 0008 03 00 0000"
                + (KWA_256 + ONE_HOUR)));
  }

  @Test
  void authenticationOfAnotherSpecificationIsKept() throws MalformedMessageException {
    String hex =
        "06 10 0058"
            + (SPI + ANY_UDP + MULTICAST + GCM_256 + "03 00 0008 0e 00 0400" + KWA_256 + ONE_HOUR);
    assertEquals(
        Optional.of(new RekeyAuthentication.Unsupported(1024)),
        decode(hex).rekeySa().orElseThrow().authentication());
  }

  @Test
  void ourOwnFaultsAreUnchecked() throws MalformedMessageException {
    RekeySaPolicy rekey = decode(REKEY_IN_A_REKEY).rekeySa().orElseThrow();
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new RekeySaPolicy(
                rekey.id(),
                rekey.source(),
                rekey.source(),
                rekey.cipher(),
                3,
                Optional.empty(),
                rekey.attributes()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new GroupPolicy(Optional.empty(), List.of(), Optional.empty()));
    assertThrows(
        IllegalArgumentException.class, () -> new GroupSaId(rekey.id().protocol(), Bytes.EMPTY));
  }

  private static GroupPolicy decode(String hex) throws MalformedMessageException {
    return GroupPolicy.decode(Bytes.fromHex(hex).reader());
  }
}
