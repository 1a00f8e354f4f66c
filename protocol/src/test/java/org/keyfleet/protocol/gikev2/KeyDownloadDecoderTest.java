package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** KD bodies of RFC 9838 section 4.5, as hex with a comment on each field. */
class KeyDownloadDecoderTest {
  private static final String SPI = "a1a2a3a4a5a6a7a8 b1b2b3b4b5b6b7b8";
  private static final String BLOB = "0102030405060708 1112131415161718 2122232425262728";
  private static final String UNDER_1 = "0001 0020 00000000 00000001" + BLOB; // 1{K_sa}
  private static final String UNDER_GSK_W = "0001 0020 00000000 00000000" + BLOB; // GSK_w{K_sa}
  private static final String WRAP_3_1 = "0001 0020 00000001 00000003" + BLOB; // 3{1}
  private static final String REKEY_BAG = "06 10 0038" + SPI + UNDER_1;
  private static final String ESP_BAG = "03 04 002c c1c2c3c4" + UNDER_GSK_W;
  private static final String AUTH_KEY = "0002 0004 30020500";
  private static final String MEMBER_BAG = "00 00 0028" + WRAP_3_1;

  private static final CodecLoops<KeyDownload> LOOPS =
      new CodecLoops<>(
          octets -> KeyDownload.decode(octets.reader()),
          keys -> keys.toPayload(OptionalInt.of(12)).body());

  private static Map<String, String> good() {
    Map<String, String> good = new LinkedHashMap<>();
    good.put("Rekey SA", REKEY_BAG);
    good.put("Rekey SA under two keys", "06 10 005c" + SPI + UNDER_1 + UNDER_GSK_W);
    good.put("ESP", ESP_BAG);
    good.put("AH", ESP_BAG.replaceFirst("03 04", "02 04"));
    good.put("member key bag alone", MEMBER_BAG);
    good.put("AUTH_KEY", REKEY_BAG + "00 00 000c" + AUTH_KEY);
    good.put("Sender-IDs of 12 bits", ESP_BAG + "00 00 0010 0003 0002 0000 0003 0002 0fff");
    good.put("private attributes", ESP_BAG + "00 00 000e c000 0001 4001 0002 aabb");
    good.put("all together", REKEY_BAG + ESP_BAG + MEMBER_BAG);
    return good;
  }

  private static Map<String, String> bad() {
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("no bag -> KD: no key bag", "");
    bad.put("empty member key bag alone -> KD: no key bag", "00 00 0004");
    bad.put("protocol IKE -> group SA protocol: 1", REKEY_BAG.replaceFirst("06 10", "01 10"));
    bad.put("SPI size -> GIKE_UPDATE SPI size: 8", REKEY_BAG.replaceFirst("06 10", "06 08"));
    bad.put(
        "lengthTooShort -> attribute value: 32 octets wanted, 31 left",
        REKEY_BAG.replaceFirst("0038", "0037"));
    bad.put(
        "lengthTooLong -> GIKE_UPDATE key bag: 53 octets wanted, 52 left",
        REKEY_BAG.replaceFirst("0038", "0039"));
    bad.put(
        "lengthBelowHeader -> GIKE_UPDATE key bag length: 0",
        REKEY_BAG.replaceFirst("0038", "0000"));
    bad.put(
        "one SA twice -> KD: GIKE_UPDATE a1a2a3a4a5a6a7a8b1b2b3b4b5b6b7b8 twice",
        REKEY_BAG + REKEY_BAG);
    bad.put(
        "no SA_KEY -> GIKE_UPDATE a1a2a3a4a5a6a7a8b1b2b3b4b5b6b7b8: no SA_KEY", "06 10 0014" + SPI);
    bad.put(
        "SA_KEY with a Key ID -> GIKE_UPDATE a1a2a3a4a5a6a7a8b1b2b3b4b5b6b7b8: SA_KEY 1 times",
        REKEY_BAG.replace("0020 00000000", "0020 00000007"));
    bad.put("SA_KEY as TV -> SA_KEY: TV where TLV is defined", "06 10 0018" + SPI + "8001 0000");
    bad.put(
        "SA_KEY without a key -> Encrypted Key: 0 octets",
        "06 10 0020" + SPI + "0001 0008 00000000 00000001");
    bad.put(
        "SA_KEY of 7 octets -> KWK ID: 2 octets wanted, 1 left",
        "06 10 001f" + SPI + "0001 0007 00000000 000000");
    bad.put(
        "ESP under another key than GSK_w -> ESP c1c2c3c4: SA_KEY 1 times",
        "03 04 002c c1c2c3c4" + UNDER_1);
    bad.put(
        "ESP with two keys -> ESP c1c2c3c4: SA_KEY 2 times",
        "03 04 0050 c1c2c3c4" + UNDER_GSK_W + UNDER_GSK_W);
    bad.put(
        "WRAP_KEY with Key ID 0 -> WRAP_KEY: Key ID 0",
        MEMBER_BAG.replace("0020 00000001", "0020 00000000"));
    bad.put("AUTH_KEY twice -> AUTH_KEY: twice", "00 00 0014" + AUTH_KEY + AUTH_KEY);
    bad.put(
        "AUTH_KEY twice in two bags -> AUTH_KEY: twice",
        "00 00 000c" + AUTH_KEY + "00 00 000c" + AUTH_KEY);
    bad.put("AUTH_KEY empty -> AUTH_KEY: empty", "00 00 0008 0002 0000");
    bad.put("Sender-ID empty -> GM_SENDER_ID: 0 octets", "00 00 0008 0003 0000");
    bad.put(
        "Sender-ID of 9 octets -> GM_SENDER_ID: 9 octets",
        "00 00 0011 0003 0009 000000000000000001");
    bad.put(
        "Sender-ID over 32 bits -> GM_SENDER_ID: over 32 bits", "00 00 000d 0003 0005 0100000000");
    bad.put("Sender-ID as TV -> GM_SENDER_ID: TV where TLV is defined", "00 00 0008 8003 0001");
    return bad;
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
  void fieldsOfAFullDownload() throws MalformedMessageException {
    KeyDownload keys = decode(REKEY_BAG + ESP_BAG + MEMBER_BAG);
    assertEquals(
        Optional.of(
            GroupKeyBag.of(
                GroupSaId.rekey(Bytes.fromHex(SPI)), new WrappedKey(0, 1, Bytes.fromHex(BLOB)))),
        keys.bag(GroupSaId.rekey(Bytes.fromHex(SPI))));
    assertEquals(List.of(new WrappedKey(1, 3, Bytes.fromHex(BLOB))), keys.memberBag().wrapKeys());
    assertEquals("KD[[1{K_sa}], [GSK_w{K_sa}]][3{1}]", keys.toString());
  }

  @Test
  void severalMemberKeyBagsAreReadAsOne() throws MalformedMessageException {
    assertEquals(
        decode(REKEY_BAG + "00 00 0030" + WRAP_3_1 + AUTH_KEY),
        decode(MEMBER_BAG + REKEY_BAG + "00 00 000c" + AUTH_KEY));
  }

  @Test
  void keyIdsAreUnsigned() throws MalformedMessageException {
    KeyDownload keys = decode(MEMBER_BAG.replace("00000003", "ffffffff"));
    assertEquals(0xffff_ffffL, keys.memberBag().wrapKeys().get(0).kwkId());
  }

  @Test
  void ourOwnFaultsAreUnchecked() {
    WrappedKey saKey = new WrappedKey(0, 1, Bytes.fromHex(BLOB));
    assertThrows(IllegalArgumentException.class, () -> MemberKeyBag.ofWrapKeys(List.of(saKey)));
    assertThrows(
        IllegalArgumentException.class,
        () -> GroupKeyBag.of(GroupSaId.esp(Bytes.fromHex("c1c2c3c4")), saKey));
    assertThrows(
        IllegalArgumentException.class, () -> new KeyDownload(List.of(), MemberKeyBag.EMPTY));
    assertThrows(IllegalArgumentException.class, () -> new WrappedKey(0, 2, Bytes.EMPTY));
    assertThrows(IllegalArgumentException.class, () -> WrappedKey.derived(1, 0));
    MemberKeyBag derived = MemberKeyBag.ofWrapKeys(List.of(WrappedKey.derived(1, 2)));
    assertThrows(
        IllegalStateException.class,
        () -> new KeyDownload(List.of(), derived).toPayload(OptionalInt.empty()));
    assertThrows(IllegalArgumentException.class, () -> new WrappedKey(1L << 32, 2, Bytes.of(1)));
  }

  private static KeyDownload decode(String hex) throws MalformedMessageException {
    return KeyDownload.decode(Bytes.fromHex(hex).reader());
  }
}
