package org.keyfleet.gcks.endtoend;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.memory.Impairment;

/** Loss, doubling and reordering. */
class BadNetworkTest extends WorldFixture {
  @Test
  void lossDuplicatesAndReorderingOnlyCostTime() throws Exception {
    long seed = new Random().nextLong();
    System.err.println("BadNetworkTest seed " + seed);
    policy.extraCopies = 4;
    World world = worldOf(seed).startServer();
    // 20 % lost, 20 % twice, 0 to 80 ms on the way
    world.network.impair(new Impairment(20, 20, 0, 80_000_000));
    for (int i = 1; i <= 5; i++) {
      PlainMember member = world.pskMember("m" + i + ".fleet.example");
      for (int attempt = 0; attempt < 5 && !member.registered; attempt++) {
        member.register(world.nowNanos());
        world.runSeconds(40);
      }
      assertTrue(member.registered, member.name + " seed " + seed);
    }
    world.server().group("fleet").orElseThrow().refresh("operator");
    world.runSeconds(10);
    // whoever lost all copies of a message registers again, as RFC 9838 section 2.4.1.4 says
    for (PlainMember member : world.members.values()) {
      if (!member
          .rekeySpi()
          .equals(world.store().group("fleet").orElseThrow().rekeySa().orElseThrow().spi())) {
        for (int attempt = 0; attempt < 5; attempt++) {
          member.registered = false;
          member.register(world.nowNanos());
          world.runSeconds(40);
          if (member.registered) {
            break;
          }
        }
      }
    }
    world.network.impair(Impairment.NONE);
    world.server().group("fleet").orElseThrow().refresh("operator");
    world.runSeconds(5);
    Set<Bytes> newest =
        world.store().group("fleet").orElseThrow().dataSas().stream()
            .map(sa -> Bytes.fromHex(String.format("%08x", sa.spi())))
            .collect(toSet());
    Set<Bytes> deleted = new HashSet<>();
    for (PlainMember member : world.members.values()) {
      deleted.addAll(member.retired);
    }
    for (PlainMember member : world.members.values()) {
      // a Delete whose copies were all lost leaves the SA of before to its lifetime
      Set<Bytes> held = new HashSet<>(member.current().keySet());
      assertTrue(held.containsAll(newest), member.name + " lacks a key, seed " + seed);
      held.removeAll(newest);
      assertTrue(deleted.containsAll(held), member.name + " holds " + held + ", seed " + seed);
      newest.forEach(
          spi ->
              assertEquals(
                  world.get("m1.fleet.example").dataKeys.get(spi),
                  member.dataKeys.get(spi),
                  member.name + " seed " + seed));
    }
  }
}
