package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.AuthenticRekey;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.memory.MemoryNetwork;

/** How GSA_REKEY messages are numbered and repeated (RFC 9838 section 2.4.1.3). */
class RekeySendingTest extends WorldFixture {
  /** "The first message sent over a new Rekey SA MUST use Message ID of 0." */
  @Test
  void messageIdsOfARekeySaCountFromZero() throws Exception {
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().server().group("fleet").orElseThrow().evict("m2.fleet.example", false);
    world().runSeconds(1);
    Map<GroupSaId, List<Long>> numbers = new LinkedHashMap<>();
    for (AuthenticRekey rekey : m1.rekeys) {
      numbers.computeIfAbsent(rekey.over(), sa -> new ArrayList<>()).add(rekey.messageId());
    }
    // m1 alone, m2 in, refreshed, m2 out: a new Rekey SA each, then new data SAs over it
    assertEquals(4, numbers.size());
    List<List<Long>> expected = List.of(List.of(0L), List.of(0L, 1L), List.of(0L, 1L), List.of(0L));
    assertEquals(expected, List.copyOf(numbers.values()));
  }

  /** "The (encrypted) retransmitted messages MUST be bitwise identical". */
  @Test
  void copiesAreBitwiseIdentical() throws Exception {
    policy.extraCopies = 3;
    world().registered(world().pskMember("m1.fleet.example"));
    world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(5);
    Map<Bytes, List<Bytes>> copies = new LinkedHashMap<>();
    for (MemoryNetwork.Passage passage : world().network.passages()) {
      Bytes octets = Bytes.copyOf(passage.datagram().octets());
      if (passage.to().multicast()) {
        Bytes spiAndMessageId = Bytes.concat(octets.slice(0, 16), octets.slice(20, 24));
        copies.computeIfAbsent(spiAndMessageId, id -> new ArrayList<>()).add(octets);
      }
    }
    assertEquals(2, copies.size());
    for (List<Bytes> message : copies.values()) {
      assertEquals(4, message.size());
      assertTrue(message.stream().allMatch(message.get(0)::equals));
    }
  }
}
