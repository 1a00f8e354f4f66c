package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.KePayload;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.memory.MemoryLink;
import org.keyfleet.transport.memory.MemoryNetwork;

/** Somebody on the path is faster than the GCKS, and cannot prove anything. */
class ForgedAnswerTest extends WorldFixture {

  /** The genuine response, with a public value of zeros, comes first. */
  @Test
  void badPublicValueDoesNotKeepAMemberOut() throws Exception {
    List<MemoryNetwork.Passage> answers = hold(ExchangeType.IKE_SA_INIT, true);
    PlainMember member = world().pskMember("m1.fleet.example");
    member.register(world().nowNanos());
    world().run(Duration.ofMillis(40));
    MemoryNetwork.Passage genuine = answers.get(0);
    deliver(genuine, withZeroPublicValue((ClearMessage) parse(genuine)));
    world().run(Duration.ofMillis(40));
    deliver(genuine, Bytes.copyOf(genuine.datagram().octets()));
    world().run(Duration.ofMillis(100));
    assertTrue(member.registered, () -> String.valueOf(member.failure));
  }

  @Test
  void unprotectedErrorDoesNotKeepAMemberOut() throws Exception {
    List<MemoryNetwork.Passage> requests = hold(ExchangeType.IKE_SA_INIT, false);
    PlainMember member = world().pskMember("m1.fleet.example");
    member.register(world().nowNanos());
    world().run(Duration.ofMillis(40));
    ClearMessage request = (ClearMessage) parse(requests.get(0));
    Bytes error =
        OutboundMessage.clear(
            request.header().answer(IkeSpi.NONE),
            List.of(NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)));
    attacker().send(new Datagram(requests.get(0).from(), error.toArray()));
    world().runSeconds(1);
    world().network.censor(passage -> false);
    world().runSeconds(4);
    assertTrue(member.registered, () -> String.valueOf(member.failure));
  }

  /** A GCKS that restarts has forgotten the IKE SA: the member is back within a quarter minute. */
  @Test
  void restartedServerIsAskedOnANewIkeSa() throws Exception {
    PlainMember member = world().registered(world().pskMember("m1.fleet.example"));
    world().stopServer();
    world().startServer();
    member.registered = false;
    member.register(world().nowNanos());
    world().runSeconds(15);
    assertNull(member.failure);
    assertTrue(member.registered);
    assertEquals(1, world().store().memberCount("fleet"));
    member.leave(world().nowNanos());
    world().runSeconds(15);
    assertFalse(member.registered);
    assertEquals(0, world().store().memberCount("fleet"));
  }

  private List<MemoryNetwork.Passage> hold(ExchangeType exchange, boolean response)
      throws Exception {
    List<MemoryNetwork.Passage> held = new ArrayList<>();
    world()
        .network
        .censor(
            passage -> {
              InboundMessage message = parse(passage);
              return message.header().exchange() == exchange
                  && message.header().response() == response
                  && held.add(passage);
            });
    return held;
  }

  private void deliver(MemoryNetwork.Passage held, Bytes octets) throws Exception {
    world().network.censor(passage -> false);
    attacker().send(new Datagram(held.to(), octets.toArray()));
  }

  private MemoryLink attacker() throws Exception {
    return world().network.unicast(MemoryNetwork.address(world().nextHost++));
  }

  private static Bytes withZeroPublicValue(ClearMessage response) {
    List<Payload> payloads = new ArrayList<>();
    for (Payload payload : response.payloads().all()) {
      payloads.add(
          payload instanceof KePayload ke
              ? new KePayload(ke.method(), Bytes.copyOf(new byte[ke.data().size()]))
              : payload);
    }
    return OutboundMessage.clear(response.header(), payloads);
  }

  private static InboundMessage parse(MemoryNetwork.Passage passage) {
    try {
      return InboundMessage.parse(Bytes.copyOf(passage.datagram().octets()));
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }
}
