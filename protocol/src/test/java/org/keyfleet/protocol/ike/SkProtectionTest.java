package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SkCipher;
import org.keyfleet.testkit.Mutations;

/** Sealed by one end, opened by the other; whole messages and fragments, every cipher. */
class SkProtectionTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int UNLIMITED = 65507;
  private static final long NOW = -5; // nanoTime may be negative

  private static final List<Payload> DELETE_SA = List.of(DeletePayload.ikeSa());

  static List<IkeSuite.Encryption> ciphers() {
    return List.of(
        IkeSuite.Encryption.AES_GCM_128,
        IkeSuite.Encryption.AES_GCM_256,
        IkeSuite.Encryption.CHACHA20_POLY1305,
        IkeSuite.Encryption.AES_CBC_128_SHA256,
        IkeSuite.Encryption.AES_CBC_256_SHA256,
        new IkeSuite.Encryption(12, 256, TransformIds.AUTH_HMAC_SHA2_384_192),
        new IkeSuite.Encryption(12, 256, TransformIds.AUTH_HMAC_SHA2_512_256));
  }

  private static SkProtection end(
      IkeSuite.Encryption encryption, boolean initiator, boolean fragmentation) {
    SkCipher cipher = encryption.cipher();
    try (IkeSaKeys keys = TestKeys.of(cipher)) {
      return SkProtection.of(cipher, keys, initiator, fragmentation, RANDOM);
    }
  }

  private static SealedMessage parse(Bytes datagram) throws MalformedMessageException {
    return (SealedMessage) InboundMessage.parse(datagram);
  }

  private static List<Payload> auth(int certificateOctets) {
    return List.of(
        IdPayload.of(IdPayload.Kind.INITIATOR, IdType.ID_FQDN, Bytes.ofUtf8("m1.lab")),
        CertPayload.x509(new ByteWriter().zeros(certificateOctets).toBytes()),
        new AuthPayload(14, Bytes.fromHex("ee".repeat(64))));
  }

  private static final IkeHeader AUTH = TestKeys.request(ExchangeType.IKE_AUTH, 1);

  @ParameterizedTest
  @MethodSource("ciphers")
  void opensWhatTheOtherEndSealed(IkeSuite.Encryption encryption) throws Exception {
    SkProtection initiator = end(encryption, true, false);
    SkProtection responder = end(encryption, false, false);
    for (int octets = 1; octets < 40; octets++) {
      List<Bytes> sent = initiator.seal(AUTH, auth(octets), UNLIMITED);
      OpenedMessage opened = responder.open(parse(sent.get(0)), NOW).orElseThrow();
      assertEquals(auth(octets), opened.payloads().all());
      assertEquals(AUTH, opened.header());
      assertEquals(OutboundMessage.adjusted(AUTH, auth(octets)), opened.adjusted());
    }
  }

  @ParameterizedTest
  @MethodSource("ciphers")
  void aReflectedMessageIsNotAuthentic(IkeSuite.Encryption encryption) throws Exception {
    SkProtection initiator = end(encryption, true, false);
    SealedMessage own = parse(initiator.seal(AUTH, auth(1), UNLIMITED).get(0));
    assertThrows(NotAuthenticException.class, () -> initiator.open(own, NOW));
  }

  @ParameterizedTest
  @MethodSource("ciphers")
  void refusesEveryFlippedBit(IkeSuite.Encryption encryption) throws Exception {
    SkProtection initiator = end(encryption, true, true);
    SkProtection responder = end(encryption, false, true);
    IkeHeader header = TestKeys.request(ExchangeType.INFORMATIONAL, 3);
    Bytes good = initiator.seal(header, DELETE_SA, UNLIMITED).get(0);
    Mutations.bitFlips(good).forEach(bad -> assertRefused(responder, bad));
    Mutations.truncations(good).forEach(bad -> assertRefused(responder, bad));
    assertTrue(responder.open(parse(good), NOW).isPresent());
  }

  /** Refused by the parser, by the ICV, or (a fragment's numbers) before any work is done. */
  private static void assertRefused(SkProtection receiver, Bytes bad) {
    try {
      InboundMessage message = InboundMessage.parse(bad);
      if (message instanceof SealedMessage sealed) {
        assertEquals(Optional.empty(), receiver.open(sealed, NOW));
      }
    } catch (MalformedMessageException | NotAuthenticException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  @ParameterizedTest
  @MethodSource("ciphers")
  void flippedBitsOfFragmentsLeaveNoTrace(IkeSuite.Encryption encryption) throws Exception {
    SkProtection initiator = end(encryption, true, true);
    SkCipher cipher = encryption.cipher();
    Reassembler reassembler = new Reassembler(2, 1000);
    try (IkeSaKeys keys = TestKeys.of(cipher);
        SkOpener opener =
            new SkOpener(cipher, keys.ei().copy(), keys.ai().copy(), Optional.of(reassembler))) {
      List<Bytes> fragments = initiator.seal(AUTH, auth(100), 200);
      assertTrue(fragments.size() > 1);
      opener.open(parse(fragments.get(0)), NOW);
      int waiting = reassembler.waitingOctets();
      Bytes second = fragments.get(1);
      Mutations.bitFlips(second).forEach(bad -> assertDropped(opener, bad));
      assertEquals(waiting, reassembler.waitingOctets());
      assertEquals(1, reassembler.waitingMessages());
      Optional<OpenedMessage> opened = Optional.empty();
      for (Bytes fragment : fragments.subList(1, fragments.size())) {
        opened = opener.open(parse(fragment), NOW);
      }
      assertEquals(auth(100), opened.orElseThrow().payloads().all());
      assertEquals(0, reassembler.waitingMessages());
    }
  }

  private static void assertDropped(SkOpener opener, Bytes bad) {
    try {
      if (InboundMessage.parse(bad) instanceof SealedMessage sealed) {
        assertEquals(Optional.empty(), opener.open(sealed, NOW));
      }
    } catch (MalformedMessageException | NotAuthenticException refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  @ParameterizedTest
  @MethodSource("ciphers")
  void fragmentsFitTheDatagramAndUseItWell(IkeSuite.Encryption encryption) {
    SkProtection initiator = end(encryption, true, true);
    for (int max : new int[] {200, 548, 1232, 1452}) {
      List<Bytes> fragments = initiator.seal(AUTH, auth(3000), max);
      for (Bytes fragment : fragments) {
        assertTrue(fragment.size() <= max);
      }
      assertTrue(fragments.get(0).size() > max - encryption.cipher().blockOctets());
    }
  }

  @Test
  void aMessageThatFitsIsNotFragmented() {
    SkProtection initiator = end(IkeSuite.Encryption.AES_GCM_128, true, true);
    int whole = initiator.seal(AUTH, auth(100), UNLIMITED).get(0).size();
    assertEquals(1, initiator.seal(AUTH, auth(100), whole).size());
    assertEquals(2, initiator.seal(AUTH, auth(100), whole - 1).size());
  }

  @Test
  void withoutNegotiationNothingIsFragmentedNorPutTogether() throws Exception {
    SkProtection plain = end(IkeSuite.Encryption.AES_GCM_128, true, false);
    assertEquals(1, plain.seal(AUTH, auth(3000), 500).size());
    SkProtection responder = end(IkeSuite.Encryption.AES_GCM_128, false, false);
    SkProtection fragmenting = end(IkeSuite.Encryption.AES_GCM_128, true, true);
    SealedMessage fragment = parse(fragmenting.seal(AUTH, auth(3000), 500).get(0));
    assertThrows(NotAuthenticException.class, () -> responder.open(fragment, NOW));
  }

  @Test
  void aeadNeverUsesAnIvTwice() throws Exception {
    SkProtection initiator = end(IkeSuite.Encryption.AES_GCM_128, true, true);
    Set<Bytes> ivs = new HashSet<>();
    List<Bytes> sent = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sent.addAll(initiator.seal(AUTH, auth(1000), 300));
      sent.addAll(initiator.seal(AUTH, auth(1), UNLIMITED));
    }
    for (Bytes datagram : sent) {
      assertTrue(ivs.add(parse(datagram).body().sealed().slice(0, 8)));
    }
  }

  @Test
  void cbcIvsAreNotPredictable() throws Exception {
    SkProtection initiator = end(IkeSuite.Encryption.AES_CBC_128_SHA256, true, false);
    Bytes first = parse(initiator.seal(AUTH, auth(1), UNLIMITED).get(0)).body().sealed();
    Bytes second = parse(initiator.seal(AUTH, auth(1), UNLIMITED).get(0)).body().sealed();
    assertNotEquals(first.slice(0, 16), second.slice(0, 16));
    assertNotEquals(first.slice(16, 32), second.slice(16, 32));
  }

  /** RFC 7296 section 3.14: the padding holds any octets, up to 255 of them. */
  @Test
  void acceptsMorePaddingThanNeeded() throws Exception {
    SkCipher cipher = IkeSuite.Encryption.AES_GCM_128.cipher();
    SkProtection responder = end(IkeSuite.Encryption.AES_GCM_128, false, false);
    Bytes chain = PayloadChain.encode(DELETE_SA);
    Bytes padded = Bytes.concat(chain, Bytes.fromHex("5a".repeat(255)), Bytes.of(255));
    assertEquals(
        DELETE_SA,
        responder.open(parse(sealRaw(cipher, padded)), NOW).orElseThrow().payloads().all());
  }

  @Test
  void padLengthOverTheContent() throws Exception {
    SkCipher cipher = IkeSuite.Encryption.AES_GCM_128.cipher();
    SkProtection responder = end(IkeSuite.Encryption.AES_GCM_128, false, false);
    for (Bytes plaintext : List.of(Bytes.EMPTY, Bytes.of(1), Bytes.of(0, 0, 3))) {
      SealedMessage message = parse(sealRaw(cipher, plaintext));
      assertThrows(MalformedMessageException.class, () -> responder.open(message, NOW));
    }
  }

  /** An authentic sender's wrong payloads are malformed, which is answered, not just dropped. */
  @Test
  void payloadsThatDoNotBelongIntoTheExchange() throws Exception {
    SkProtection initiator = end(IkeSuite.Encryption.AES_GCM_128, true, false);
    SkProtection responder = end(IkeSuite.Encryption.AES_GCM_128, false, false);
    for (List<Payload> payloads :
        List.of(
            DELETE_SA,
            List.<Payload>of(),
            auth(1).subList(0, 2),
            List.<Payload>of(new KdPayload(Bytes.EMPTY)))) {
      SealedMessage message = parse(initiator.seal(AUTH, payloads, UNLIMITED).get(0));
      assertThrows(MalformedMessageException.class, () -> responder.open(message, NOW));
    }
  }

  private static Bytes sealRaw(SkCipher cipher, Bytes plaintext) {
    IkeHeader header = TestKeys.request(ExchangeType.INFORMATIONAL, 9);
    int sealedOctets = cipher.ivOctets() + plaintext.size() + cipher.icvOctets();
    ByteWriter out = new ByteWriter();
    header.encode(out, PayloadType.SK.code(), IkeHeader.OCTETS + 4 + sealedOctets);
    SealedBody.encodeHeader(out, PayloadType.DELETE.code(), 0, 0, sealedOctets);
    try (IkeSaKeys keys = TestKeys.of(cipher);
        SecretBytes none = SecretBytes.takeFrom(new byte[0])) {
      Bytes iv = Bytes.fromHex("00000000000000ff");
      return Bytes.concat(
          out.toBytes(), cipher.seal(keys.ei(), none, iv, out.toBytes(), plaintext.toArray()));
    }
  }

  @Test
  void limitsThatLeaveNoRoomAreOurMistake() {
    SkProtection initiator = end(IkeSuite.Encryption.AES_GCM_128, true, true);
    assertThrows(IllegalArgumentException.class, () -> initiator.seal(AUTH, auth(100), 60));
    assertThrows(IllegalArgumentException.class, () -> initiator.seal(AUTH, auth(12000), 80));
  }

  @Test
  void closedKeysSealNothing() {
    SkProtection initiator = end(IkeSuite.Encryption.AES_GCM_128, true, false);
    initiator.close();
    assertThrows(IllegalStateException.class, () -> initiator.seal(AUTH, auth(1), UNLIMITED));
  }
}
