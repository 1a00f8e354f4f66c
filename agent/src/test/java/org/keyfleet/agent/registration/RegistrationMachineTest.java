package org.keyfleet.agent.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.GroupId;
import org.keyfleet.protocol.gikev2.SupportedTransforms;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.KePayload;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.NoncePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadType;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuiteNegotiation;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;

/** What happens before there are keys; the rest is played against the server in its module. */
class RegistrationMachineTest {
  private static final long SECOND = 1_000_000_000L;
  private static final PathEnds PATH =
      new PathEnds(
          new NatDetection.Endpoint(Bytes.fromHex("0a000002"), 40000),
          new NatDetection.Endpoint(Bytes.fromHex("0a000001"), 848));

  private final RegistrationMachine machine =
      new RegistrationMachine(profile(), new SecureRandom());

  @Test
  void firstRequestHoldsWhatItShould() throws Exception {
    ClearMessage request = sent(start());
    assertTrue(request.payloads().hasNotify(NotifyType.NAT_DETECTION_SOURCE_IP));
    assertTrue(request.payloads().hasNotify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
    assertTrue(request.payloads().hasNotify(NotifyType.SIGNATURE_HASH_ALGORITHMS));
    assertEquals(1, request.payloads().count(PayloadType.VENDOR_ID.code()));
    assertEquals(
        KeyExchangeMethod.CURVE25519.transformId(),
        request.payloads().find(KePayload.class).orElseThrow().method());
    // over MQTT there is no NAT to detect
    ClearMessage tunnelled =
        sent(machine.onEvent(new RegistrationEvent.Start(Purpose.REGISTER, Optional.empty()), 0));
    assertEquals(0, tunnelled.payloads().count(PayloadType.DELETE.code()));
    assertTrue(!tunnelled.payloads().hasNotify(NotifyType.NAT_DETECTION_SOURCE_IP));
  }

  /** RFC 7296 section 2.6: the cookie comes first, all else stays as it was. */
  @Test
  void cookieIsSentBackFirst() throws Exception {
    ClearMessage first = sent(start());
    NotifyPayload cookie = NotifyPayload.of(NotifyType.COOKIE, Bytes.fromHex("c00c1ec00c1ec00c1e"));
    ClearMessage second = sent(answer(first, cookie));
    List<Payload> expected = new ArrayList<>(first.payloads().all());
    expected.add(0, cookie);
    assertEquals(expected, second.payloads().all());
    assertEquals(first.header(), second.header());
  }

  /** RFC 7296 sections 1.2 and 2.6.1: other share, same nonce, same SPI, cookie kept. */
  @Test
  void otherKeyExchangeIsFollowedAndKeepsTheCookie() throws Exception {
    ClearMessage first = sent(start());
    NotifyPayload cookie = NotifyPayload.of(NotifyType.COOKIE, Bytes.fromHex("c00c1e"));
    ClearMessage second = sent(answer(first, cookie));
    ClearMessage third =
        sent(answer(second, SuiteNegotiation.invalidKe(KeyExchangeMethod.ECP_256)));
    assertEquals(
        KeyExchangeMethod.ECP_256.transformId(),
        third.payloads().find(KePayload.class).orElseThrow().method());
    assertEquals(cookie, third.payloads().all().get(0));
    assertEquals(
        first.payloads().find(NoncePayload.class), third.payloads().find(NoncePayload.class));
    assertEquals(first.header().initiatorSpi(), third.header().initiatorSpi());
  }

  @Test
  void responderThatAsksForEverIsGivenUp() throws Exception {
    List<RegistrationAction> actions = start();
    for (int round = 0; round < 3; round++) {
      actions =
          answer(sent(actions), NotifyPayload.of(NotifyType.COOKIE, Bytes.of(round, 1, 2, 3)));
    }
    ClearMessage last = sent(actions);
    assertTrue(answer(last, NotifyPayload.of(NotifyType.COOKIE, Bytes.of(9))).isEmpty());
    assertEquals(FailureReason.PROTOCOL, failed(ticksUntilTheEnd()).reason());
  }

  @Test
  void keyExchangeThatWasNotOfferedIsNotFollowed() throws Exception {
    ClearMessage first = sent(start());
    NotifyPayload modp = NotifyPayload.of(NotifyType.INVALID_KE_PAYLOAD, Bytes.fromHex("000e"));
    assertTrue(answer(first, modp).isEmpty());
    NotifyPayload same = SuiteNegotiation.invalidKe(KeyExchangeMethod.CURVE25519);
    assertTrue(answer(first, same).isEmpty());
    assertEquals(2, machine.ignored());
  }

  /** Bit by bit the same, ever later, then no more. */
  @Test
  void retransmissionBacksOffAndEnds() throws Exception {
    Bytes first = datagram(start());
    long last = 0;
    long wait = 0;
    int sent = 1;
    while (true) {
      long due = machine.nextDeadlineNanos();
      assertTrue(tick(due - 1).isEmpty());
      List<RegistrationAction> actions = tick(due);
      assertTrue(due - last > wait, "attempt " + sent);
      wait = due - last;
      last = due;
      if (actions.get(0) instanceof RegistrationAction.Failed failed) {
        assertEquals(FailureReason.NOT_REACHABLE, failed.reason());
        break;
      }
      assertEquals(first, datagram(actions));
      sent++;
    }
    assertEquals(Retransmission.Policy.STANDARD.attempts(), sent);
    assertInstanceOf(RegistrationState.Idle.class, machine.state());
    assertEquals(Long.MAX_VALUE, machine.nextDeadlineNanos());
  }

  /** RFC 7296 section 2.21.1: an unprotected error is believed only when nothing better comes. */
  @Test
  void unprotectedErrorWaitsForABetterAnswer() throws Exception {
    ClearMessage first = sent(start());
    assertTrue(answer(first, NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)).isEmpty());
    assertInstanceOf(RegistrationState.AwaitInit.class, machine.state());
    ClearMessage again = sent(answer(first, NotifyPayload.of(NotifyType.COOKIE, Bytes.of(1))));
    assertNotEquals(first.payloads(), again.payloads());
    assertTrue(answer(again, NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)).isEmpty());
    assertEquals(FailureReason.NO_COMMON_SUITE, failed(ticksUntilTheEnd()).reason());
  }

  @Test
  void answersOfOtherExchangesAreIgnored() throws Exception {
    ClearMessage first = sent(start());
    Bytes cookie =
        OutboundMessage.clear(
            first.header().answer(IkeSpi.NONE),
            List.of(NotifyPayload.of(NotifyType.COOKIE, Bytes.of(1))));
    for (int at : new int[] {0, 7, 17, 19, 20, 23}) {
      byte[] changed = cookie.toArray();
      changed[at] ^= 0x20;
      assertTrue(receive(Bytes.copyOf(changed)).isEmpty(), "octet " + at);
    }
    for (int size = 0; size < cookie.size(); size++) {
      assertTrue(receive(cookie.slice(0, size)).isEmpty(), "size " + size);
    }
    assertEquals(1, receive(cookie).size());
  }

  /** RFC 9838 section 4.5.4: "it MUST indicate which key wrap algorithms are supported". */
  @Test
  void supportedTransformsNameKeyWrap() {
    assertTrue(SupportedTransforms.of(OurTransforms.payload()).namesKeyWrap());
  }

  private List<RegistrationAction> start() {
    return machine.onEvent(new RegistrationEvent.Start(Purpose.REGISTER, Optional.of(PATH)), 0);
  }

  private List<RegistrationAction> tick(long nowNanos) {
    return machine.onEvent(new RegistrationEvent.Tick(), nowNanos);
  }

  private List<RegistrationAction> ticksUntilTheEnd() {
    List<RegistrationAction> last = List.of();
    while (machine.nextDeadlineNanos() != Long.MAX_VALUE) {
      last = tick(machine.nextDeadlineNanos());
    }
    return last;
  }

  private List<RegistrationAction> answer(ClearMessage request, NotifyPayload notify) {
    return receive(OutboundMessage.clear(request.header().answer(IkeSpi.NONE), List.of(notify)));
  }

  private List<RegistrationAction> receive(Bytes message) {
    return machine.onEvent(new RegistrationEvent.Received(message, Optional.of(PATH)), SECOND / 10);
  }

  private static ClearMessage sent(List<RegistrationAction> actions) throws Exception {
    return (ClearMessage) InboundMessage.parse(datagram(actions));
  }

  private static Bytes datagram(List<RegistrationAction> actions) {
    assertEquals(1, actions.size());
    RegistrationAction.Send send = (RegistrationAction.Send) actions.get(0);
    assertEquals(1, send.datagrams().size());
    return send.datagrams().get(0);
  }

  private static RegistrationAction.Failed failed(List<RegistrationAction> actions) {
    return (RegistrationAction.Failed) actions.get(0);
  }

  private static RegistrationProfile profile() {
    return new RegistrationProfile(
        IdPayload.of(IdPayload.Kind.INITIATOR, IdType.ID_FQDN, Bytes.ofUtf8("m1.example")),
        IdPayload.of(IdPayload.Kind.RESPONDER, IdType.ID_FQDN, Bytes.ofUtf8("gcks.example")),
        new MemberCredential.Psk(SecretBytes.takeFrom(new byte[] {1, 2, 3, 4})),
        Optional.empty(),
        GroupId.ofName("tv"),
        Optional.empty(),
        SuitePolicy.STANDARD,
        InstantSource.system(),
        1280,
        Retransmission.Policy.STANDARD);
  }
}
