package org.keyfleet.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboundQueueTest {
  private static final LinkAddress PEER = new MqttAddress("t");

  private final LinkTally tally = new LinkTally();

  @Test
  void holdsToBothLimits() {
    InboundQueue queue = new InboundQueue(new QueueLimits(3, 10), tally);
    assertTrue(queue.offer(datagram(4)));
    assertTrue(queue.offer(datagram(6)));
    assertFalse(queue.offer(datagram(1)), "octets");
    queue.poll();
    assertTrue(queue.offer(datagram(1)));
    assertTrue(queue.offer(datagram(1)));
    assertFalse(queue.offer(datagram(1)), "datagrams");
    queue.clear();
    assertTrue(queue.offer(datagram(10)));
    assertEquals(new LinkCounters(0, 5, 0, 2, 0), tally.counters());
  }

  @Test
  void aDatagramIsHandledWhenTheNextIsAskedFor() throws Exception {
    InboundQueue queue = new InboundQueue(QueueLimits.DEVICE, tally);
    List<String> handled = new ArrayList<>();
    queue.offer(datagram(1), () -> handled.add("one"));
    queue.offer(datagram(2), () -> handled.add("two"));
    queue.poll();
    assertEquals(List.of(), handled);
    queue.take(1);
    assertEquals(List.of("one"), handled);
    assertNull(queue.poll());
    assertNull(queue.take(1));
    assertEquals(List.of("one", "two"), handled);
  }

  @Test
  void wakesForWhatWaitedBefore() {
    InboundQueue queue = new InboundQueue(QueueLimits.DEVICE, tally);
    AtomicInteger woken = new AtomicInteger();
    queue.offer(datagram(1));
    queue.onArrival(woken::incrementAndGet);
    assertEquals(1, woken.get());
    queue.offer(datagram(1));
    queue.wake();
    assertEquals(3, woken.get());
  }

  @Test
  void addressesAreKeysAndDatagramsKeepTheirOctets() throws Exception {
    assertEquals(new MqttAddress("t", new byte[] {1}), PEER, "correlation is no part of it");
    assertEquals(PEER.hashCode(), new MqttAddress("t", new byte[] {1}).hashCode());
    UdpAddress six = UdpAddress.resolve("2001:db8::1", 848);
    assertEquals("[2001:db8:0:0:0:0:0:1]:848", six.toString());
    assertEquals(18, six.octets().length);
    assertEquals(
        ByteBuffer.wrap(new byte[] {(byte) 192, 0, 2, 1, 3, 0x50}),
        ByteBuffer.wrap(UdpAddress.resolve("192.0.2.1", 848).octets()));

    byte[] octets = {1, 2, 3};
    Datagram datagram = new Datagram(PEER, octets);
    octets[0] = 9;
    datagram.octets()[1] = 9;
    assertEquals(new Datagram(PEER, new byte[] {1, 2, 3}), datagram);
    assertNotEquals(new Datagram(PEER, new byte[] {1, 2}), datagram);
    assertTrue(datagram.buffer().isReadOnly());
    assertEquals("Datagram[3 octets, mqtt:t]", datagram.toString());
  }

  private static Datagram datagram(int octets) {
    return new Datagram(PEER, new byte[octets]);
  }
}
