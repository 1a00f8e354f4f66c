package org.keyfleet.transport.udp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.await;
import static org.keyfleet.transport.LinkProbe.hear;
import static org.keyfleet.transport.LinkProbe.refusal;

import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.UdpAddress;

class UnicastLinkTest {
  private static final byte[] HELLO = {1, 2, 3};

  private SelectorLoop loop;
  private UdpLinks links;

  @BeforeEach
  void start() throws Exception {
    loop = SelectorLoop.start("test-udp");
    links = new UdpLinks(loop, QueueLimits.DEVICE);
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void carriesDatagramsBothWays(String host) throws Exception {
    try (Link a = links.unicast(UdpAddress.resolve(host, 0));
        Link b = links.unicast(UdpAddress.resolve(host, 0))) {
      assertTrue(a.send(new Datagram(b.localAddress(), HELLO)));
      Datagram got = hear(b);
      assertEquals(a.localAddress(), got.peer());
      assertArrayEquals(HELLO, got.octets());

      byte[] largest = new byte[65_507];
      largest[65_506] = 7;
      assertTrue(b.send(new Datagram(got.peer(), largest)));
      assertArrayEquals(largest, hear(a).octets());
      assertEquals(1, a.counters().sent());
      assertEquals(1, a.counters().received());
    }
  }

  @Test
  void anIpv6WildcardServesIpv4Peers() throws Exception {
    try (Link server = links.unicast(UdpAddress.resolve("::", 0));
        Link client = links.unicast(UdpAddress.resolve("127.0.0.1", 0))) {
      int port = ((UdpAddress) server.localAddress()).port();
      client.send(new Datagram(UdpAddress.resolve("127.0.0.1", port), HELLO));
      Datagram got = hear(server);
      assertEquals(client.localAddress(), got.peer());
      server.send(new Datagram(got.peer(), HELLO));
      hear(client);
    }
  }

  @Test
  void wakesItsOwner() throws Exception {
    try (Link a = links.unicast(UdpAddress.resolve("127.0.0.1", 0))) {
      CountDownLatch woken = new CountDownLatch(1);
      a.onArrival(woken::countDown);
      a.send(new Datagram(a.localAddress(), HELLO));
      assertTrue(woken.await(5, TimeUnit.SECONDS));
      assertNotNull(a.poll());
    }
  }

  @Test
  void dropsTheNewestWhenFullAndCounts() throws Exception {
    UdpLinks small = new UdpLinks(loop, new QueueLimits(2, 1000));
    try (Link a = small.unicast(UdpAddress.resolve("127.0.0.1", 0));
        Link b = links.unicast(UdpAddress.resolve("127.0.0.1", 0))) {
      CountDownLatch all = new CountDownLatch(2);
      a.onArrival(all::countDown);
      for (int i = 0; i < 10; i++) {
        b.send(new Datagram(a.localAddress(), new byte[] {(byte) i}));
      }
      assertTrue(all.await(5, TimeUnit.SECONDS));
      await("eight dropped", () -> a.counters().droppedInbound() == 8);
      assertEquals(0, hear(a).octets()[0]);
      assertEquals(1, hear(a).octets()[0]);
    }
  }

  @Test
  void refusesWhatCannotBeSentAndCounts() throws Exception {
    try (Link a = links.unicast(UdpAddress.resolve("127.0.0.1", 0))) {
      assertFalse(a.send(new Datagram(a.localAddress(), new byte[65_508])));
      assertFalse(a.send(new Datagram(UdpAddress.resolve("::1", 9), HELLO)));
      assertFalse(a.send(new Datagram(UdpAddress.resolve("127.0.0.1", 0), HELLO)));
      assertEquals(3, a.counters().droppedOutbound());
      assertFalse(a.send(new Datagram(UdpAddress.resolve("192.0.2.1", 9), HELLO)));
      assertEquals(LinkState.Condition.UNREACHABLE, a.state().condition());
      assertTrue(a.state().detail().startsWith("cannot send to 192.0.2.1"));
      assertTrue(a.send(new Datagram(a.localAddress(), HELLO)));
      assertTrue(a.state().isUp(), "the next success clears the fault");
    }
  }

  @Test
  void ignoresEmptyDatagrams() throws Exception {
    try (Link a = links.unicast(UdpAddress.resolve("127.0.0.1", 0))) {
      a.send(new Datagram(a.localAddress(), new byte[0]));
      a.send(new Datagram(a.localAddress(), HELLO));
      assertArrayEquals(HELLO, hear(a).octets());
      assertEquals(1, a.counters().refusedInbound());
    }
  }

  @Test
  void namesThePortInUseAndFreesItOnClose() throws Exception {
    Link first = links.unicast(UdpAddress.resolve("127.0.0.1", 0));
    UdpAddress taken = (UdpAddress) first.localAddress();
    assertEquals(
        "127.0.0.1 UDP port "
            + taken.port()
            + " is in use: stop the other program (ss -ulpn) or configure another port",
        refusal(() -> links.unicast(taken)));
    first.close();
    assertEquals(LinkState.CLOSED, first.state());
    links.unicast(taken).close();
  }

  @Test
  void explainsAddressesThatAreNotOurs() throws Exception {
    UdpAddress foreign = UdpAddress.resolve("192.0.2.1", 0);
    String message = refusal(() -> links.unicast(foreign));
    assertTrue(message.contains("not an address of this machine"), message);
    UdpAddress group = UdpAddress.resolve("239.1.1.1", 5);
    refusal(() -> links.unicast(group));
    refusal(() -> UdpAddress.resolve("no such name.invalid", 1));
  }

  @Test
  void tellsTheAddressItWouldSendFrom() throws Exception {
    assertEquals(
        InetAddress.getLoopbackAddress(),
        UdpLinks.sourceToward(UdpAddress.resolve("127.0.0.1", 848)));
  }
}
