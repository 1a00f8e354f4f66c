package org.keyfleet.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.await;
import static org.keyfleet.transport.LinkProbe.hear;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkState.Condition;
import org.keyfleet.transport.MqttAddress;
import org.keyfleet.transport.QueueLimits;

/** Links over a real broker without TLS. */
class MqttLinksTest {
  private static final String GROUP = "sports channels";
  private static final MqttAddress REKEY = MqttTopics.rekey(GROUP);

  private static final QueueLimits SMALL = new QueueLimits(10, 1_000);

  @TempDir Path directory;
  private Mosquitto mosquitto;

  @BeforeEach
  void start() throws Exception {
    mosquitto = Mosquitto.open(directory).start();
  }

  @AfterEach
  void stop() throws Exception {
    mosquitto.close();
  }

  @Test
  void registersByRequestAndResponse() throws Exception {
    try (MqttBroker server = broker("gcks");
        MqttBroker one = broker("box-1");
        MqttBroker two = broker("box-2")) {
      Link gcks = server.groupRegistrations(GROUP);
      Link first = one.memberRegistration(GROUP, "box-1.example.net");
      Link second = two.memberRegistration(GROUP, "box-2.example.net");
      up(server, one, two);

      // box-1 -> request -> gcks
      assertTrue(first.send(request("box-1.example.net", "hello 1")));
      Datagram asked = hear(gcks);
      assertEquals("hello 1", text(asked));
      MqttAddress from = (MqttAddress) asked.peer();
      assertEquals("kf/sports%20channels/reg/box-1.example.net/resp", from.topic());
      assertEquals(8, from.correlation().length);

      // gcks -> response -> box-1, and not to box-2
      assertTrue(gcks.send(datagram(from, "answer 1")));
      Datagram answer = hear(first);
      assertEquals("answer 1", text(answer));
      assertEquals(MqttTopics.request(GROUP, "box-1.example.net"), answer.peer());

      assertTrue(second.send(request("box-2.example.net", "hello 2")));
      asked = hear(gcks);
      assertEquals("hello 2", text(asked));
      gcks.send(datagram(asked.peer(), "answer 2"));
      assertEquals("answer 2", text(hear(second)));
      assertNull(first.poll());
    }
  }

  /** A key server must know when a rekey is safe from its own crash. */
  @Test
  void deliveredIsWhatTheBrokerHas() throws Exception {
    mosquitto.close();
    AtomicInteger delivered = new AtomicInteger();
    try (MqttBroker server = broker("gcks")) {
      Link rekeys = server.groupRekeys(GROUP);
      server.start();
      for (int i = 0; i < 3; i++) {
        assertTrue(rekeys.send(new Datagram(REKEY, number(i)), delivered::incrementAndGet));
      }
      await("the broker is missed", () -> server.state().condition() == Condition.UNREACHABLE);
      assertEquals(0, delivered.get());
      mosquitto.start();
      await("delivered", () -> delivered.get() == 3);
    }
  }

  @Test
  void aBurstBeyondEveryWindowArrivesWholeAndInOrder() throws Exception {
    int burst = 300;
    try (MqttBroker server = open(MqttSettings.server(mosquitto.uri(), "gcks"));
        MqttBroker device = broker("box-1")) {
      Link rekeys = server.groupRekeys(GROUP);
      Link member = device.memberRekeys(GROUP);
      up(server, device);
      for (int i = 0; i < burst; i++) {
        assertTrue(rekeys.send(new Datagram(REKEY, number(i))));
      }
      assertInOrder(member, burst);
      await("all acknowledged", () -> rekeys.counters().sent() == burst);
    }
  }

  @Test
  void whatDoesNotFitTheQueueIsReadLater() throws Exception {
    int burst = 60;
    MqttSettings small = MqttSettings.device(mosquitto.uri(), "box-1").limitedTo(SMALL);
    try (MqttBroker server = broker("gcks");
        MqttBroker device = open(small)) {
      Link rekeys = server.groupRekeys(GROUP);
      Link member = device.memberRekeys(GROUP);
      up(server, device);
      for (int i = 0; i < burst; i++) {
        rekeys.send(new Datagram(REKEY, number(i)));
      }
      await("does not fit", () -> member.counters().droppedInbound() > 0);
      assertInOrder(member, burst);
    }
  }

  @Test
  void aFloodOfRegistrationsIsDroppedAndTheConnectionStays() throws Exception {
    MqttSettings small = MqttSettings.server(mosquitto.uri(), "gcks").limitedTo(SMALL);
    try (MqttBroker server = open(small);
        MqttBroker device = broker("box-1")) {
      Link gcks = server.groupRegistrations(GROUP);
      Link flood = device.memberRegistration(GROUP, "box-1");
      up(server, device);
      for (int i = 0; i < 100; i++) {
        Datagram request = request("box-1", "request " + i);
        await("room for it", () -> flood.send(request));
      }
      await("dropped", () -> gcks.counters().droppedInbound() == 90);
      for (int i = 0; i < 10; i++) {
        assertEquals("request " + i, text(hear(gcks)));
      }
      assertNull(gcks.poll());
      flood.send(request("box-1", "once more"));
      assertEquals("once more", text(hear(gcks)));
      assertEquals(1, logged("Sending CONNACK to gcks"));
    }
  }

  /** Each from 0 on comes, none before its turn; MQTT may repeat older ones. */
  private static void assertInOrder(Link link, int count) throws Exception {
    for (int next = 0; next < count; ) {
      int heard = ByteBuffer.wrap(hear(link).octets()).getInt();
      assertTrue(heard <= next, heard + " came before " + next);
      next += heard == next ? 1 : 0;
    }
  }

  @Test
  void aLateSubscriberGetsTheLatestRekey() throws Exception {
    try (MqttBroker server = broker("gcks");
        MqttBroker device = broker("box-1")) {
      Link rekeys = server.groupRekeys(GROUP);
      up(server);
      rekeys.send(datagram(REKEY, "old"));
      rekeys.send(datagram(REKEY, "latest"));
      await("published", () -> rekeys.counters().sent() == 2);
      Link member = device.memberRekeys(GROUP);
      up(device);
      assertEquals("latest", text(hear(member)));
    }
  }

  @Test
  void theBrokerKeepsWhatAnAbsentMemberMissed() throws Exception {
    try (MqttBroker server = broker("gcks")) {
      Link rekeys = server.groupRekeys(GROUP);
      up(server);
      try (MqttBroker device = broker("box-1")) {
        device.memberRekeys(GROUP);
        up(device);
      }
      for (int i = 1; i <= 3; i++) {
        rekeys.send(new Datagram(REKEY, number(i)));
      }
      await("published", () -> rekeys.counters().sent() == 3);
      try (MqttBroker device = broker("box-1")) {
        Link member = device.memberRekeys(GROUP);
        up(device);
        for (int i = 1; i <= 3; i++) {
          assertEquals(i, ByteBuffer.wrap(hear(member).octets()).getInt());
        }
      }
    }
  }

  @Test
  void whatWasNotDoneWithIsDeliveredAgain() throws Exception {
    try (MqttBroker server = broker("gcks")) {
      Link rekeys = server.groupRekeys(GROUP);
      up(server);
      try (MqttBroker device = broker("box-1")) {
        Link member = device.memberRekeys(GROUP);
        up(device);
        rekeys.send(datagram(REKEY, "done"));
        rekeys.send(datagram(REKEY, "not done"));
        assertEquals("done", text(hear(member)));
        assertEquals("not done", text(hear(member)));
        await("one acknowledged", () -> logged("PUBACK from box-1") == 1);
        // here the device dies: it never asks for another datagram
      }
      try (MqttBroker device = broker("box-1")) {
        Link member = device.memberRekeys(GROUP);
        up(device);
        assertEquals("not done", text(hear(member)));
      }
    }
  }

  @Test
  void aLinkOpenedLaterSubscribesAndLeavingEndsIt() throws Exception {
    try (MqttBroker server = broker("gcks");
        MqttBroker device = broker("box-1")) {
      Link rekeys = server.groupRekeys(GROUP);
      up(server, device);
      Link member = device.memberRekeys(GROUP);
      rekeys.send(datagram(REKEY, "one"));
      assertEquals("one", text(hear(member)));
      device.leave(member);
      await("unsubscribed", () -> logged("UNSUBSCRIBE from box-1") == 1);
      assertEquals(Condition.CLOSED, member.state().condition());
      assertFalse(member.send(datagram(REKEY, "x")));
    }
  }

  @Test
  void refusesWhatDoesNotBelongAndCounts() throws Exception {
    try (MqttBroker device = broker("box-1")) {
      Link member = device.memberRekeys(GROUP);
      Link registration = device.memberRegistration(GROUP, "box-1");
      up(device);
      assertFalse(member.send(datagram(REKEY, "members do not rekey")));
      assertFalse(registration.send(datagram(REKEY, "nor here")));
      assertFalse(registration.send(new Datagram(MqttTopics.request(GROUP, "box-1"), new byte[0])));
      assertFalse(
          registration.send(new Datagram(MqttTopics.request(GROUP, "box-1"), new byte[65_536])));
      assertEquals(1, member.counters().droppedOutbound());
      assertEquals(3, registration.counters().droppedOutbound());
    }
  }

  @Test
  void carriesTheLargestDatagram() throws Exception {
    byte[] large = new byte[65_535];
    new Random(1).nextBytes(large);
    try (MqttBroker server = broker("gcks");
        MqttBroker device = broker("box-1")) {
      Link rekeys = server.groupRekeys(GROUP);
      Link member = device.memberRekeys(GROUP);
      up(server, device);
      assertTrue(rekeys.send(new Datagram(REKEY, large)));
      assertArrayEquals(large, hear(member).octets());
    }
  }

  @Test
  void aStolenClientIdIsNamed() throws Exception {
    try (MqttBroker first = broker("box-1")) {
      up(first);
      try (MqttBroker second = broker("box-1")) {
        up(second);
        await("taken over", () -> first.state().detail().contains("give each client its own id"));
      }
    }
  }

  private MqttBroker broker(String clientId) throws Exception {
    return open(MqttSettings.device(mosquitto.uri(), clientId));
  }

  private static MqttBroker open(MqttSettings settings) throws Exception {
    return MqttBroker.open(settings.retrying(50, 200), new Random(1));
  }

  private static void up(MqttBroker... brokers) throws Exception {
    for (MqttBroker each : brokers) {
      each.start();
    }
    for (MqttBroker each : brokers) {
      each.awaitUp(15_000);
    }
  }

  private int logged(String what) {
    try {
      return mosquitto.log().split(what, -1).length - 1;
    } catch (java.io.IOException e) {
      return 0;
    }
  }

  private static Datagram request(String member, String text) {
    return datagram(MqttTopics.request(GROUP, member), text);
  }

  private static Datagram datagram(org.keyfleet.transport.LinkAddress to, String text) {
    return new Datagram(to, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Datagram datagram) {
    return new String(datagram.octets(), StandardCharsets.UTF_8);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }
}
