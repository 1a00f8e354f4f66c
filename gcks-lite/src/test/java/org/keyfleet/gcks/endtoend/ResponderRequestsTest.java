package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.registration.IkeSa;
import org.keyfleet.agent.registration.RegistrationAction;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NoncePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.Proposal;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.ike.SkProtection;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.ike.UnknownPayload;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.memory.MemoryNetwork;

/** What the server answers inside an IKE SA to requests that a member of ours does not make. */
class ResponderRequestsTest extends WorldFixture {
  private static final int UNASSIGNED = 200;

  /** IKE_SA_INIT was 0, GSA_AUTH 1. */
  private long nextMessageId = 2;

  /** RFC 7296 section 1.4: a request "MUST send some response". */
  @Test
  void emptyInformationalIsAnswered() throws Exception {
    PlainMember member = world().registered(world().pskMember("m1.fleet.example"));
    for (int i = 0; i < 3; i++) {
      OpenedMessage answer = answer(member, ExchangeType.INFORMATIONAL, List.of());
      assertTrue(answer.payloads().isEmpty());
    }
    assertEquals(1, world().server().responder().ikeSas());
  }

  /** RFC 7296 section 1.4.1. */
  @Test
  void deleteOfTheIkeSaIsAnsweredEmpty() throws Exception {
    PlainMember member = world().registered(world().pskMember("m1.fleet.example"));
    OpenedMessage answer =
        answer(member, ExchangeType.INFORMATIONAL, List.of(DeletePayload.ikeSa()));
    assertTrue(answer.payloads().isEmpty());
    world().runSeconds(16);
    assertEquals(0, world().server().responder().ikeSas());
  }

  /** RFC 7296 section 1.3. */
  @Test
  void noChildSaIsMade() throws Exception {
    PlainMember member = world().registered(world().pskMember("m1.fleet.example"));
    SaPayload offer =
        new SaPayload(
            List.of(
                new Proposal(
                    1,
                    ProtocolId.ESP.code(),
                    Bytes.fromHex("a1000001"),
                    List.of(Transform.encryption(20, 128)))));
    OpenedMessage answer =
        answer(
            member,
            ExchangeType.CREATE_CHILD_SA,
            List.of(offer, NoncePayload.random(world().random)));
    assertEquals(List.of(NotifyPayload.of(NotifyType.NO_ADDITIONAL_SAS)), answer.payloads().all());
  }

  /** RFC 7296 section 2.5: UNSUPPORTED_CRITICAL_PAYLOAD with the type; the IKE SA goes on. */
  @Test
  void criticalPayloadInsideAnIkeSaIsNamed() throws Exception {
    PlainMember member = world().registered(world().pskMember("m1.fleet.example"));
    OpenedMessage answer =
        answer(
            member,
            ExchangeType.INFORMATIONAL,
            List.of(new UnknownPayload(UNASSIGNED, true, Bytes.EMPTY)));
    assertEquals(
        List.of(NotifyPayload.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.of(UNASSIGNED))),
        answer.payloads().all());
    Payload skipped = new UnknownPayload(UNASSIGNED, false, Bytes.EMPTY);
    assertTrue(answer(member, ExchangeType.INFORMATIONAL, List.of(skipped)).payloads().isEmpty());
  }

  /** Sends a request in the member's IKE SA, past its machine, and opens what comes back. */
  private OpenedMessage answer(PlainMember member, ExchangeType exchange, List<Payload> payloads)
      throws Exception {
    IkeSa sa =
        member.seen.stream()
            .filter(RegistrationAction.Derived.class::isInstance)
            .map(action -> ((RegistrationAction.Derived) action).sa())
            .findFirst()
            .orElseThrow();
    UdpAddress from = world().network.passages().get(0).from();
    IkeHeader header =
        new IkeHeader(sa.initiatorSpi(), sa.responderSpi(), exchange, true, false, nextMessageId++);
    try (SkProtection protection =
        SkProtection.of(sa.suite().cipher(), sa.keys(), true, false, world().random)) {
      world().inject(from, protection.seal(header, payloads, Integer.MAX_VALUE).get(0));
      List<MemoryNetwork.Passage> passages = world().network.passages();
      MemoryNetwork.Passage last = passages.get(passages.size() - 1);
      assertEquals(from, last.to());
      SealedMessage answer =
          (SealedMessage) InboundMessage.parse(Bytes.copyOf(last.datagram().octets()));
      assertEquals(header.messageId(), answer.header().messageId());
      return protection.open(answer, world().nowNanos()).orElseThrow();
    }
  }
}
