package org.keyfleet.transport.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.hear;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.UdpAddress;

class MemoryNetworkTest {
  private static final UdpAddress A = MemoryNetwork.address(1);
  private static final UdpAddress B = MemoryNetwork.address(2);
  private static final UdpAddress GROUP = MemoryNetwork.groupAddress(1);

  @Test
  void nothingArrivesBeforeItsTime() throws Exception {
    MemoryNetwork net = new MemoryNetwork(1).impair(new Impairment(0, 0, 50, 50));
    MemoryLink a = net.unicast(A);
    MemoryLink b = net.unicast(B);
    a.send(new Datagram(B, new byte[] {1}));
    net.advanceTo(49);
    assertNull(b.poll());
    assertEquals(OptionalLong.of(50), net.nextArrivalNanos());
    net.advanceTo(50);
    assertEquals(new Datagram(A, new byte[] {1}), hear(b));
    assertEquals(OptionalLong.empty(), net.nextArrivalNanos());
  }

  @Test
  void aGroupReachesEveryMember() throws Exception {
    MemoryNetwork net = new MemoryNetwork(1);
    MemoryLink a = net.group(GROUP, A);
    MemoryLink b = net.group(GROUP, B);
    net.unicast(A).send(new Datagram(GROUP, new byte[] {9}));
    net.advanceTo(0);
    assertEquals(A, hear(a).peer());
    assertEquals(A, hear(b).peer());
  }

  @Test
  void aSeedFixesTheFateOfEachDatagram() {
    assertEquals(fates(7), fates(7));
    assertNotEquals(fates(7), fates(8));
    List<Integer> fates = fates(7);
    assertTrue(fates.size() > 50 && fates.size() < 100, "lost and doubled: " + fates.size());
    assertNotEquals(fates.stream().sorted().toList(), fates, "reordered");
  }

  @Test
  void aCutLinkNeitherSendsNorHears() {
    MemoryNetwork net = new MemoryNetwork(1);
    MemoryLink a = net.unicast(A);
    MemoryLink b = net.unicast(B);
    b.state(new LinkState(LinkState.Condition.LOST, "cable"));
    assertFalse(b.send(new Datagram(A, new byte[] {1})));
    a.send(new Datagram(B, new byte[] {1}));
    net.advanceTo(1);
    assertNull(b.poll());
    assertEquals(1, net.passages().size());
  }

  @Test
  void aCensorSwallows() throws Exception {
    MemoryNetwork net = new MemoryNetwork(1).censor(passage -> passage.datagram().octets()[0] == 1);
    MemoryLink a = net.unicast(A);
    a.send(new Datagram(A, new byte[] {1}));
    a.send(new Datagram(A, new byte[] {2}));
    net.advanceTo(0);
    assertEquals(2, hear(a).octets()[0]);
  }

  private static List<Integer> fates(long seed) {
    MemoryNetwork net = new MemoryNetwork(seed).impair(new Impairment(30, 10, 0, 1000));
    MemoryLink a = net.unicast(A);
    MemoryLink b = net.unicast(B);
    for (int i = 0; i < 100; i++) {
      a.send(new Datagram(B, new byte[] {(byte) i}));
    }
    net.advanceTo(1000);
    List<Integer> heard = new ArrayList<>();
    for (Datagram d = b.poll(); d != null; d = b.poll()) {
      heard.add((int) d.octets()[0]);
    }
    return heard;
  }
}
