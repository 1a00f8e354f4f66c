package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.testkit.CommentedHex;
import org.keyfleet.testkit.Mutations;

/** Whole datagrams through the door for what peers send. */
class MessageCodecTest {
  private static final String SPI_I = "a1a2a3a4a5a6a7a8";
  private static final String SPI_R = "b1b2b3b4b5b6b7b8";
  private static final String NO_SPI = "0000000000000000";

  private static final Bytes INIT_REQUEST =
      CommentedHex.octets(
          """
          a1a2a3a4a5a6a7a8 0000000000000000  // SPIs: the responder has none yet
          21 20 22 08                        // first SA, version 2.0, IKE_SA_INIT, initiator
          00000000 00000074                  // Message ID 0, 116 octets
          22 00 00 28                        // SA, then KE
          00 00 00 24 01 01 00 03            // one proposal of IKE, 3 transforms
          03 00 00 0c 01 00 00 14 80 0e 00 80
          03 00 00 08 02 00 00 05
          00 00 00 08 04 00 00 1f
          28 00 00 0c 00 1f 00 00 01020304   // KE, then nonce
          29 00 00 14 000102030405060708090a0b0c0d0e0f
          29 00 00 08 00 00 402e             // fragmentation supported
          00 00 00 08 00 00 4022             // childless supported
          """);

  private static final Bytes COOKIE_RESPONSE =
      CommentedHex.octets(
          """
          a1a2a3a4a5a6a7a8 0000000000000000
          29 20 22 20                        // notify, IKE_SA_INIT, response
          00000000 00000028
          00 00 00 0c 00 00 4006 c00c1e00    // COOKIE
          """);

  private static final Bytes SEALED_REKEY =
      CommentedHex.octets(
          """
          5151515151515151 5252525252525252  // one SPI of 16 octets
          2e 20 29 00                        // SK, GSA_REKEY, no flags
          00000007 00000040
          33 00 00 24                        // SK, first inner payload GSA
          0000000000000001                   // IV
          0102030405060708
          101112131415161718191a1b1c1d1e1f   // ICV
          """);

  private static final Bytes FRAGMENT =
      CommentedHex.octets(
          """
          a1a2a3a4a5a6a7a8 b1b2b3b4b5b6b7b8
          35 20 23 08                        // SKF, IKE_AUTH, initiator
          00000001 00000044
          00 00 00 28                        // second fragment: no next payload
          00 02 00 03                        // 2 of 3
          0000000000000001
          0102030405060708
          101112131415161718191a1b1c1d1e1f
          """);

  static Stream<Bytes> good() {
    return Stream.of(INIT_REQUEST, COOKIE_RESPONSE, SEALED_REKEY, FRAGMENT);
  }

  @Test
  void readsAnInitRequest() throws MalformedMessageException {
    ClearMessage message = assertInstanceOf(ClearMessage.class, InboundMessage.parse(INIT_REQUEST));
    IkeHeader header = message.header();
    assertEquals(SPI_I, header.initiatorSpi().toString());
    assertTrue(header.responderSpi().isNone());
    assertEquals(ExchangeType.IKE_SA_INIT, header.exchange());
    assertTrue(header.fromInitiator());
    assertFalse(header.response());
    assertTrue(message.payloads().hasNotify(NotifyType.CHILDLESS_IKEV2_SUPPORTED));
    assertEquals(31, message.payloads().find(KePayload.class).orElseThrow().method());
    assertEquals(INIT_REQUEST, OutboundMessage.clear(header, message.payloads().all()));
    assertEquals(INIT_REQUEST, message.octets());
  }

  @Test
  void readsASealedMessage() throws MalformedMessageException {
    SealedMessage message =
        assertInstanceOf(SealedMessage.class, InboundMessage.parse(SEALED_REKEY));
    assertEquals(ExchangeType.GSA_REKEY, message.header().exchange());
    assertEquals(7, message.header().messageId());
    assertEquals(PayloadType.GSA.code(), message.body().firstPayload());
    assertEquals(32, message.body().sealed().size());
    assertEquals(SEALED_REKEY.slice(0, 32), message.associatedData());
    assertTrue(message.triggersRetransmission());
  }

  @Test
  void readsAFragment() throws MalformedMessageException {
    SealedMessage message = assertInstanceOf(SealedMessage.class, InboundMessage.parse(FRAGMENT));
    assertEquals(2, message.body().fragmentNumber());
    assertEquals(3, message.body().totalFragments());
    assertEquals(FRAGMENT.slice(0, 36), message.associatedData());
    // RFC 7383 section 2.6.1: only the first fragment asks for the response again
    assertFalse(message.triggersRetransmission());
  }

  @ParameterizedTest
  @MethodSource("good")
  void refusesEveryTruncation(Bytes good) {
    Mutations.truncations(good)
        .forEach(
            cut -> assertThrows(MalformedMessageException.class, () -> InboundMessage.parse(cut)));
  }

  @ParameterizedTest
  @MethodSource("good")
  void refusesOctetsBehindTheEnd(Bytes good) {
    Bytes longer = Bytes.concat(good, Bytes.of(0));
    assertThrows(MalformedMessageException.class, () -> InboundMessage.parse(longer));
  }

  @Test
  void versionTooNew() {
    UnsupportedVersionException refused =
        assertThrows(
            UnsupportedVersionException.class,
            () -> InboundMessage.parse(patched(INIT_REQUEST, 17, 0x30)));
    assertEquals(3, refused.majorVersion());
  }

  @Test
  void versionOneIsGdoi() {
    assertThrows(
        UnsupportedVersionException.class,
        () -> InboundMessage.parse(patched(INIT_REQUEST, 17, 0x10)));
  }

  @Test
  void minorVersionAndReservedFlagsAreIgnored() throws MalformedMessageException {
    Bytes minor = patched(INIT_REQUEST, 17, 0x2f);
    assertEquals(InboundMessage.parse(INIT_REQUEST).header(), InboundMessage.parse(minor).header());
    Bytes flags = patched(INIT_REQUEST, 19, 0x08 | 0xc7 | 0x10);
    assertEquals(InboundMessage.parse(INIT_REQUEST).header(), InboundMessage.parse(flags).header());
  }

  @Test
  void initiatorSpiZero() {
    Bytes zero = Bytes.concat(Bytes.fromHex(NO_SPI), INIT_REQUEST.slice(8, INIT_REQUEST.size()));
    assertThrows(MalformedMessageException.class, () -> InboundMessage.parse(zero));
  }

  @Test
  void rekeySpiMayStartWithZeros() throws MalformedMessageException {
    Bytes half = Bytes.concat(Bytes.fromHex(NO_SPI), SEALED_REKEY.slice(8, SEALED_REKEY.size()));
    assertEquals(ExchangeType.GSA_REKEY, InboundMessage.parse(half).header().exchange());
    Bytes none =
        Bytes.concat(Bytes.fromHex(NO_SPI + NO_SPI), SEALED_REKEY.slice(16, SEALED_REKEY.size()));
    assertThrows(MalformedMessageException.class, () -> InboundMessage.parse(none));
  }

  static Stream<Bytes> bad() {
    return Stream.of(
        patched(INIT_REQUEST, 18, 250), // exchange type unknown
        patched(INIT_REQUEST, 18, 33), // IKEv1 exchange type
        patched(INIT_REQUEST, 18, 35), // IKE_AUTH in the clear
        patched(INIT_REQUEST, 18, 41), // GSA_REKEY in the clear
        patched(INIT_REQUEST, 27, 0x73), // length too short
        patched(INIT_REQUEST, 27, 0x75), // length too long
        patched(INIT_REQUEST, 24, 0x80), // length enormous
        patched(SEALED_REKEY, 19, 0x20), // GSA_REKEY has no response
        patched(SEALED_REKEY, 18, 34), // IKE_SA_INIT is never sealed
        patched(SEALED_REKEY, 18, 43), // IKE_INTERMEDIATE was not negotiated
        patched(SEALED_REKEY, 31, 0x23), // SK is not the last octet of the message
        patched(SEALED_REKEY, 31, 0x03), // SK length below its header
        patched(FRAGMENT, 33, 0), // fragment 0
        patched(FRAGMENT, 33, 4), // fragment 4 of 3
        patched(FRAGMENT, 35, 0), // of 0
        patched(FRAGMENT, 35, 1), // 2 of 1
        patched(FRAGMENT, 28, 35), // next payload in the second fragment
        patched(FRAGMENT, 31, 7)); // SKF length below its header
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesEveryBadOne(Bytes bad) {
    MalformedMessageException refused =
        assertThrows(MalformedMessageException.class, () -> InboundMessage.parse(bad));
    assertEquals(0, refused.getStackTrace().length);
  }

  @Test
  void clearPayloadBeforeTheSealedOne() {
    Bytes sealed = SEALED_REKEY.slice(28, SEALED_REKEY.size());
    Bytes message =
        CommentedHex.octets(
            SPI_I + SPI_R + "29 20 23 08 00000001 00000048 2e 00 00 08 00 00 4000" + sealed.hex());
    assertThrows(MalformedMessageException.class, () -> InboundMessage.parse(message));
  }

  @Test
  void datagramTooLong() {
    Bytes body = new ByteWriter().zeros(65508 - 32).toBytes();
    Bytes message =
        Bytes.concat(
            CommentedHex.octets(SPI_I + SPI_R + "2b 20 22 08 00000000 0000ffe4 00 00 ffc8"), body);
    assertThrows(MalformedMessageException.class, () -> InboundMessage.parse(message));
  }

  @Test
  void answersKeepSpiAndMessageId() {
    IkeHeader request =
        new IkeHeader(
            new IkeSpi(1), IkeSpi.NONE, ExchangeType.IKE_SA_INIT, true, false, 0xffff_ffffL);
    assertEquals(
        new IkeHeader(
            new IkeSpi(1), new IkeSpi(2), ExchangeType.IKE_SA_INIT, false, true, 0xffff_ffffL),
        request.answer(new IkeSpi(2)));
  }

  @Test
  void textNeverHoldsTheMessage() throws MalformedMessageException {
    String text = InboundMessage.parse(SEALED_REKEY).toString();
    assertFalse(text.contains("101112131415"), text);
  }

  private static Bytes patched(Bytes message, int at, int value) {
    byte[] octets = message.toArray();
    octets[at] = (byte) value;
    return Bytes.copyOf(octets);
  }
}
