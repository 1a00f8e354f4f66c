package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.gcks.store.GroupSnapshot;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.memory.MemoryLink;
import org.keyfleet.transport.memory.MemoryNetwork;

/**
 * Each truncation and each flipped bit of every message of a full run comes before the message
 * itself, and must change nothing: no member, no counter, no key.
 */
class BadInputTest extends WorldFixture {
  /** State that only an authentic message may change. */
  private record Durable(Optional<GroupSnapshot> group, List<MemberRow> members, int auditLines) {
    static Durable of(World world) throws Exception {
      return new Durable(
          world.store().group("fleet"),
          world.store().members("fleet"),
          world.store().audit(100_000).size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void damagedRequestsChangeNothing(boolean certificates) throws Exception {
    PlainMember member =
        certificates
            ? world()
                .certifiedMember(
                    "m1.fleet.example", org.keyfleet.protocol.suite.SignatureScheme.ED25519)
            : world().pskMember("m1.fleet.example");
    List<ExchangeType> attacked = new ArrayList<>();
    // every datagram to the server is held, attacked, then delivered
    List<MemoryNetwork.Passage> held = new ArrayList<>();
    world().network.censor(passage -> hold(passage, held));
    member.register(world().nowNanos());
    for (int step = 0; step < 20 && !(member.registered && held.isEmpty()); step++) {
      for (MemoryNetwork.Passage passage : List.copyOf(held)) {
        held.remove(passage);
        attacked.add(attack(passage));
        deliver(passage);
      }
      world().run(java.time.Duration.ofMillis(20));
    }
    assertTrue(member.registered);
    assertTrue(attacked.contains(ExchangeType.IKE_SA_INIT));
    assertTrue(attacked.contains(ExchangeType.GSA_AUTH));

    // the same for leaving: GSA_REGISTRATION and INFORMATIONAL
    member.leave(world().nowNanos());
    for (int step = 0; step < 20 && (member.registered || !held.isEmpty()); step++) {
      for (MemoryNetwork.Passage passage : List.copyOf(held)) {
        held.remove(passage);
        attacked.add(attack(passage));
        deliver(passage);
      }
      world().run(java.time.Duration.ofMillis(20));
    }
    assertFalse(member.registered);
    assertTrue(attacked.contains(ExchangeType.GSA_REGISTRATION));
    assertEquals(0, world().store().memberCount("fleet"));
  }

  @Test
  void damagedRekeyMessagesChangeNothingAtTheMembers() throws Exception {
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    world().runSeconds(10);
    List<MemoryNetwork.Passage> held = new ArrayList<>();
    world().network.censor(passage -> passage.to().multicast() && held.add(passage));
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().run(java.time.Duration.ofMillis(100));
    world().network.censor(any -> false);
    assertEquals(2, held.size());
    MemoryLink attacker = world().network.unicast(MemoryNetwork.address(200));
    for (MemoryNetwork.Passage passage : held) {
      var before = m1.current();
      Bytes spi = m1.rekeySpi();
      int rekeys = m1.rekeys.size();
      for (Bytes bad : damaged(Bytes.copyOf(passage.datagram().octets()))) {
        attacker.send(new Datagram(World.GROUP, bad.toArray()));
        world().run(java.time.Duration.ZERO);
      }
      assertEquals(before, m1.current());
      assertEquals(spi, m1.rekeySpi());
      assertEquals(rekeys, m1.rekeys.size());
      attacker.send(new Datagram(World.GROUP, passage.datagram().octets()));
      world().run(java.time.Duration.ZERO);
      assertEquals(rekeys + 1, m1.rekeys.size());
    }
  }

  @Test
  void aMemberCannotPlayTheServerBackToItself() throws Exception {
    world().registered(world().pskMember("m1.fleet.example"));
    world().registered(world().pskMember("m2.fleet.example"));
    world().runSeconds(1);
    Durable before = Durable.of(world());
    MemoryLink attacker = world().network.unicast(MemoryNetwork.address(200));
    for (MemoryNetwork.Passage passage : world().network.passages()) {
      attacker.send(new Datagram(MemoryNetwork.address(1), passage.datagram().octets()));
    }
    world().runSeconds(1);
    assertEquals(before, Durable.of(world()));
  }

  private static boolean hold(MemoryNetwork.Passage passage, List<MemoryNetwork.Passage> held) {
    boolean toServer =
        passage.to().equals(MemoryNetwork.address(1))
            && !passage.from().equals(MemoryNetwork.address(200));
    if (toServer) {
      held.add(passage);
    }
    return toServer;
  }

  private ExchangeType attack(MemoryNetwork.Passage passage) throws Exception {
    Bytes whole = Bytes.copyOf(passage.datagram().octets());
    ExchangeType exchange = InboundMessage.parse(whole).header().exchange();
    // nobody can tell that a clear IKE_SA_INIT was changed: its answer goes to who sent it
    UdpAddress from =
        exchange == ExchangeType.IKE_SA_INIT ? MemoryNetwork.address(200) : passage.from();
    Durable before = Durable.of(world());
    for (Bytes bad : damaged(whole)) {
      inject(from, bad);
    }
    assertEquals(before, Durable.of(world()));
    assertTrue(world().server().responder().halfOpen() <= 1024 / 8 + 1);
    return exchange;
  }

  /** From the true sender's own address, as one on the path can. */
  private void inject(UdpAddress from, Bytes octets) throws Exception {
    world().inject(from, octets);
  }

  private void deliver(MemoryNetwork.Passage passage) throws Exception {
    world().inject(passage.from(), Bytes.copyOf(passage.datagram().octets()));
  }

  /** Every truncation; every bit flipped. */
  private static List<Bytes> damaged(Bytes whole) {
    List<Bytes> all = new ArrayList<>();
    for (int size = 0; size < whole.size(); size++) {
      all.add(whole.slice(0, size));
    }
    for (int bit = 0; bit < whole.size() * 8; bit++) {
      byte[] flipped = whole.toArray();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      all.add(Bytes.copyOf(flipped));
    }
    return all;
  }
}
