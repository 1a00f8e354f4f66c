package org.keyfleet.transport.udp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.hear;
import static org.keyfleet.transport.LinkProbe.refusal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.UdpAddress;

/** Real multicast over the loopback interface. */
class MulticastLinkTest {
  private static final byte[] HELLO = {4, 5, 6};

  private SelectorLoop loop;
  private UdpLinks links;

  @BeforeEach
  void start() throws Exception {
    loop = SelectorLoop.start("test-multicast");
    links = new UdpLinks(loop, QueueLimits.DEVICE);
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"239.192.7.1", "ff12::4b46", "ff0e::4b46"})
  void everyReceiverHearsAnySource(String group) throws Exception {
    UdpAddress to = UdpAddress.resolve(group, freePort());
    NetworkInterface on = interfaceFor(to);
    MulticastSettings receive = MulticastSettings.receiver(to, on.getName());
    MulticastSettings send = MulticastSettings.sender(to, on.getName()).withHopLimit(0);
    try (Link one = links.multicast(receive);
        Link two = links.multicast(receive);
        Link sender = links.multicast(send)) {
      assertTrue(sender.send(new Datagram(sender.localAddress(), HELLO)), sender.state()::detail);
      assertArrayEquals(HELLO, hear(one).octets());
      assertArrayEquals(HELLO, hear(two).octets());
    }
  }

  @ParameterizedTest
  @CsvSource({"232.7.7.7, 127.0.0.2", "ff32::8000:4b46, 2001:db8::1"})
  void aSourceSpecificReceiverHearsItsSourceAlone(String group, String other) throws Exception {
    UdpAddress to = UdpAddress.resolve(group, freePort());
    NetworkInterface on = interfaceFor(to);
    InetAddress from = Objects.requireNonNull(firstAddress(on, to.ipv6()));
    MulticastSettings receive = MulticastSettings.receiver(to, on.getName());
    MulticastSettings send =
        MulticastSettings.sender(to, on.getName()).sendingFrom(from).withHopLimit(0);
    try (Link right = links.multicast(receive.hearing(from));
        Link wrong = links.multicast(receive.hearing(UdpAddress.resolve(other, 0).host()));
        Link sender = links.multicast(send)) {
      assertTrue(sender.send(new Datagram(to, HELLO)), sender.state()::detail);
      assertEquals(from, ((UdpAddress) hear(right).peer()).host());
      assertNull(wrong.poll());
      assertEquals(0, wrong.counters().received());
    }
  }

  @Test
  void unicastAndOtherGroupsOnThePortAreNotHeard() throws Exception {
    UdpAddress to = UdpAddress.resolve("239.192.7.1", freePort());
    UdpAddress other = UdpAddress.resolve("239.192.7.2", to.port());
    try (Link one = links.multicast(MulticastSettings.receiver(to, "lo"));
        Link two = links.multicast(MulticastSettings.receiver(other, "lo"));
        Link sender = links.multicast(MulticastSettings.sender(other, "lo"));
        Link unicast = links.unicast(UdpAddress.resolve("127.0.0.1", 0))) {
      unicast.send(new Datagram(UdpAddress.resolve("127.0.0.1", to.port()), HELLO));
      sender.send(new Datagram(other, HELLO));
      hear(two);
      assertNull(one.poll());
    }
  }

  @Test
  void oneLinkCanHearAndSend() throws Exception {
    UdpAddress to = UdpAddress.resolve("239.192.7.3", freePort());
    MulticastSettings both =
        MulticastSettings.receiver(to, "lo")
            .sendingFrom(InetAddress.getLoopbackAddress())
            .withHopLimit(0);
    try (Link link = links.multicast(both)) {
      assertTrue(link.send(new Datagram(to, HELLO)));
      hear(link); // itself, over the loopback
      assertFalse(link.send(new Datagram(UdpAddress.resolve("127.0.0.1", 9), HELLO)));
      assertEquals(1, link.counters().droppedOutbound());
    }
  }

  @Test
  void aReceiverDoesNotSend() throws Exception {
    UdpAddress to = UdpAddress.resolve("239.192.7.4", freePort());
    try (Link link = links.multicast(MulticastSettings.receiver(to, "lo"))) {
      assertFalse(link.send(new Datagram(to, HELLO)));
      assertTrue(link.state().isUp());
    }
  }

  @Test
  void saysWhatToDo() throws Exception {
    UdpAddress group = UdpAddress.resolve("239.192.7.1", 7000);
    assertMessage(
        MulticastSettings.receiver(group, "nosuch0"),
        "no network interface 'nosuch0': configure one of ");
    assertMessage(
        MulticastSettings.receiver(UdpAddress.resolve("ff12::1", 7000), "lo"),
        "IPv6 multicast does not work on 'lo': configure another interface or an IPv4 group");
    assertMessage(
        MulticastSettings.receiver(UdpAddress.resolve("10.0.0.1", 7000), "lo"),
        "10.0.0.1 is not a group address: ");
    assertMessage(
        MulticastSettings.receiver(UdpAddress.resolve("232.1.1.1", 7000), "lo"),
        "group 232.1.1.1 is source-specific (RFC 4607): configure the sender's address too");
    assertMessage(
        MulticastSettings.receiver(group, "lo").hearing(UdpAddress.resolve("::1", 0).host()),
        "group 239.192.7.1 and ");
    assertMessage(
        MulticastSettings.receiver(group, "lo")
            .sendingFrom(UdpAddress.resolve("192.0.2.9", 0).host()),
        "192.0.2.9 UDP port 0 is not an address of this machine");
  }

  private void assertMessage(MulticastSettings settings, String start) {
    String message = refusal(() -> links.multicast(settings));
    assertTrue(message.startsWith(start), message);
  }

  /**
   * Loopback for IPv4; for IPv6 the first interface that can, with hop limit 0 on this host only.
   */
  private static NetworkInterface interfaceFor(UdpAddress group) throws Exception {
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      boolean fits = group.ipv6() ? each.supportsMulticast() : each.isLoopback();
      if (fits && each.isUp() && firstAddress(each, group.ipv6()) != null) {
        return each;
      }
    }
    System.err.println("NOT TESTED: no interface here can carry " + group);
    return Assumptions.abort("no interface here can carry " + group);
  }

  private static @Nullable InetAddress firstAddress(NetworkInterface on, boolean ipv6) {
    return on.inetAddresses()
        .filter(address -> address instanceof Inet6Address == ipv6)
        .findFirst()
        .orElse(null);
  }

  private int freePort() throws Exception {
    try (Link probe = links.unicast(UdpAddress.resolve("127.0.0.1", 0))) {
      return ((UdpAddress) probe.localAddress()).port();
    }
  }
}
