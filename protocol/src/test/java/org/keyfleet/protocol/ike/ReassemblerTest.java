package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.SkCipher;

/** RFC 7383 section 2.6, and the bounds of section 5. */
class ReassemblerTest {
  private static final long TIMEOUT_NANOS = 1000;
  private static final IkeHeader HEADER = TestKeys.request(ExchangeType.IKE_AUTH, 1);
  private static final SkCipher CIPHER = IkeSuite.Encryption.AES_GCM_128.cipher();

  private final Reassembler reassembler = new Reassembler(2, TIMEOUT_NANOS);
  private SkSealer sealer;
  private SkOpener opener;

  ReassemblerTest() {
    try (IkeSaKeys keys = TestKeys.of(CIPHER)) {
      sealer = new SkSealer(CIPHER, keys.ei().copy(), keys.ai().copy(), IvSource.counter());
      opener = new SkOpener(CIPHER, keys.ei().copy(), keys.ai().copy(), Optional.of(reassembler));
    }
  }

  @BeforeEach
  void startsEmpty() {
    assertEquals(0, reassembler.waitingMessages());
  }

  private static List<Payload> payloads(int octets) {
    return List.of(
        IdPayload.of(IdPayload.Kind.INITIATOR, IdType.ID_FQDN, Bytes.ofUtf8("m1.lab")),
        CertPayload.x509(new ByteWriter().zeros(octets).toBytes()),
        new AuthPayload(2, Bytes.fromHex("ee".repeat(32))));
  }

  private Optional<OpenedMessage> open(Bytes datagram, long nowNanos) throws Exception {
    return opener.open((SealedMessage) InboundMessage.parse(datagram), nowNanos);
  }

  @Test
  void anyOrderAndDuplicates() throws Exception {
    long seed = new SecureRandom().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < 50; run++) {
      List<Bytes> fragments = sealer.seal(HEADER, payloads(1000), 300);
      List<Bytes> sent = new ArrayList<>(fragments);
      Collections.shuffle(sent, random);
      for (int i = 0; i < sent.size() - 1; i++) {
        assertTrue(open(sent.get(i), 0).isEmpty(), "seed " + seed);
        assertTrue(open(sent.get(random.nextInt(i + 1)), 0).isEmpty(), "seed " + seed);
      }
      OpenedMessage opened = open(sent.get(sent.size() - 1), 0).orElseThrow();
      assertEquals(payloads(1000), opened.payloads().all(), "seed " + seed);
      // RFC 9838 section 2.4.1.2: signed as if it had never been fragmented
      assertEquals(OutboundMessage.adjusted(HEADER, payloads(1000)), opened.adjusted());
      assertEquals(0, reassembler.waitingMessages());
    }
  }

  @Test
  void aMissingFragmentTimesOut() throws Exception {
    List<Bytes> fragments = sealer.seal(HEADER, payloads(1000), 300);
    open(fragments.get(0), 0);
    opener.expire(TIMEOUT_NANOS - 1);
    assertEquals(1, reassembler.waitingMessages());
    opener.expire(TIMEOUT_NANOS);
    assertEquals(0, reassembler.waitingMessages());
    assertEquals(0, reassembler.waitingOctets());
    for (Bytes fragment : fragments.subList(1, fragments.size())) {
      assertTrue(open(fragment, TIMEOUT_NANOS).isEmpty());
    }
  }

  @Test
  void theSenderStartsOverWithMoreFragments() throws Exception {
    List<Bytes> coarse = sealer.seal(HEADER, payloads(1000), 400);
    List<Bytes> fine = sealer.seal(HEADER, payloads(1000), 200);
    assertTrue(fine.size() > coarse.size());
    open(coarse.get(0), 0);
    open(fine.get(0), 0);
    assertEquals(1, reassembler.waitingMessages());
    // fewer in total than those that wait: not of this set
    assertTrue(open(coarse.get(1), 0).isEmpty());
    Optional<OpenedMessage> opened = Optional.empty();
    for (Bytes fragment : fine.subList(1, fine.size())) {
      opened = open(fragment, 0);
    }
    assertEquals(payloads(1000), opened.orElseThrow().payloads().all());
  }

  @Test
  void theOldestMessageMakesRoom() throws Exception {
    List<List<Bytes>> messages = new ArrayList<>();
    for (long messageId = 1; messageId <= 3; messageId++) {
      IkeHeader header = TestKeys.request(ExchangeType.IKE_AUTH, messageId);
      messages.add(sealer.seal(header, payloads(300), 300));
      open(messages.get(messages.size() - 1).get(0), 0);
    }
    assertEquals(2, reassembler.waitingMessages());
    assertTrue(open(messages.get(2).get(1), 0).isPresent());
    assertTrue(open(messages.get(1).get(1), 0).isPresent());
    assertTrue(open(messages.get(0).get(1), 0).isEmpty());
  }

  @Test
  void requestAndResponseOfOneMessageIdAreApart() throws Exception {
    IkeHeader response = HEADER.answer(TestKeys.SPI_R);
    List<Bytes> request = sealer.seal(HEADER, payloads(300), 300);
    open(request.get(0), 0);
    List<Payload> answer =
        List.of(
            IdPayload.of(IdPayload.Kind.RESPONDER, IdType.ID_FQDN, Bytes.ofUtf8("gcks.lab")),
            CertPayload.x509(new ByteWriter().zeros(300).toBytes()),
            new AuthPayload(2, Bytes.fromHex("ee".repeat(32))));
    open(sealer.seal(response, answer, 300).get(0), 0);
    assertEquals(2, reassembler.waitingMessages());
    assertTrue(open(request.get(1), 0).isPresent());
  }

  @Test
  void headersOfOneMessageMustAgree() throws Exception {
    open(sealer.seal(HEADER, payloads(300), 300).get(0), 0);
    IkeHeader other = TestKeys.request(ExchangeType.GSA_AUTH, 1);
    Bytes second = sealer.seal(other, payloads(300), 300).get(1);
    assertThrows(MalformedMessageException.class, () -> open(second, 0));
    assertEquals(0, reassembler.waitingMessages());
  }

  @Test
  void tooManyFragmentsAreNotEvenDecrypted() throws Exception {
    Bytes fragment = sealer.seal(HEADER, payloads(300), 300).get(0);
    byte[] patched = fragment.toArray();
    patched[34] = (byte) ((Reassembler.MAX_FRAGMENTS + 1) >> 8);
    patched[35] = (byte) (Reassembler.MAX_FRAGMENTS + 1);
    assertTrue(open(Bytes.copyOf(patched), 0).isEmpty());
    assertEquals(0, reassembler.waitingMessages());
  }

  @Test
  void tooManyOctets() throws Exception {
    List<Payload> huge = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      huge.addAll(payloads(16000).subList(1, 2));
    }
    List<Bytes> fragments = sealer.seal(HEADER, huge, 20_000);
    for (Bytes fragment : fragments.subList(0, fragments.size() - 2)) {
      assertTrue(open(fragment, 0).isEmpty());
      assertTrue(reassembler.waitingOctets() <= Reassembler.MAX_MESSAGE_OCTETS);
    }
    Bytes over = fragments.get(fragments.size() - 2);
    if (reassembler.waitingOctets() + 19_000 <= Reassembler.MAX_MESSAGE_OCTETS) {
      open(over, 0);
      over = fragments.get(fragments.size() - 1);
    }
    Bytes last = over;
    assertThrows(MalformedMessageException.class, () -> open(last, 0));
    assertEquals(0, reassembler.waitingOctets());
  }

  @Test
  void closingForgetsWhatWaits() throws Exception {
    open(sealer.seal(HEADER, payloads(300), 300).get(0), 0);
    assertFalse(reassembler.waitingMessages() == 0);
    opener.close();
    assertEquals(0, reassembler.waitingMessages());
  }

  @Test
  void boundsMustBePositive() {
    assertThrows(IllegalArgumentException.class, () -> new Reassembler(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Reassembler(1, 0));
  }
}
