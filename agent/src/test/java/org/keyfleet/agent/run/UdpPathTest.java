package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.config.GcksSettings;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.udp.UdpLinks;

/** A GCKS whose name leads to two hosts, 127.0.0.1 and 127.0.0.2. */
class UdpPathTest {
  private static final int WAIT_MILLIS = 30_000;
  private static final Bytes NONE = Bytes.copyOf(new byte[8]);
  private static final Bytes RESPONDER = Bytes.fromHex("0202020202020202");

  private final List<InetAddress> zone = new ArrayList<>();
  private final List<Runnable> lookUps = new ArrayList<>();
  private final AgentClock clock = new AgentClock(System::nanoTime, InstantSource.system());

  @SuppressWarnings("NullAway.Init")
  private SelectorLoop loop;

  @SuppressWarnings("NullAway.Init")
  private DatagramSocket first;

  @SuppressWarnings("NullAway.Init")
  private DatagramSocket second;

  @SuppressWarnings("NullAway.Init")
  private UdpPath path;

  @BeforeEach
  void open() throws Exception {
    loop = SelectorLoop.start("test-loop");
    first = new DatagramSocket(0, UdpAddress.resolve("127.0.0.1", 0).host());
    second = new DatagramSocket(first.getLocalPort(), UdpAddress.resolve("127.0.0.2", 0).host());
    first.setSoTimeout(WAIT_MILLIS);
    second.setSoTimeout(WAIT_MILLIS);
    GcksSettings settings =
        new GcksSettings(
            "gcks.example",
            Optional.empty(),
            Optional.of("gcks.example"),
            first.getLocalPort(),
            first.getLocalPort(),
            Optional.of("127.0.0.1"),
            0,
            0);
    path =
        new UdpPath(
            AgentFixture.GROUP,
            settings,
            new UdpLinks(loop, QueueLimits.DEVICE),
            () -> {},
            new GcksHost(
                "gcks.example",
                true,
                name -> zone.toArray(new InetAddress[0]),
                lookUps::add,
                () -> {}),
            new SourceAddresses(UdpLinks::sourceToward, clock),
            new WantedLinks("fleet", 2, () -> {}, clock, new Random(7)));
  }

  @AfterEach
  void close() {
    path.close();
    first.close();
    second.close();
    loop.close();
  }

  private void nameLeadsTo(DatagramSocket... sockets) {
    zone.clear();
    for (DatagramSocket socket : sockets) {
      zone.add(socket.getLocalAddress());
    }
    path.path();
    lookUps.forEach(Runnable::run);
    lookUps.clear();
  }

  private void send(Bytes initiator, Bytes responder) {
    path.send(List.of(Bytes.concat(initiator, responder)), false);
  }

  private static Bytes received(DatagramSocket socket) throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    socket.receive(packet);
    return Bytes.copyOf(packet.getData(), 0, 8);
  }

  /** The other host of the name knows nothing of the IKE SA. */
  @Test
  void anIkeSaStaysWithTheHostItBeganWith() throws Exception {
    Bytes one = Bytes.fromHex("0101010101010101");
    Bytes two = Bytes.fromHex("0303030303030303");
    nameLeadsTo(first);
    assertTrue(path.path().isPresent());
    send(one, NONE);
    assertEquals(one, received(first));
    nameLeadsTo(second);
    assertTrue(path.path().isPresent());
    send(one, NONE); // a retransmission
    assertEquals(one, received(first));
    send(one, RESPONDER);
    assertEquals(one, received(first));
    send(two, NONE);
    assertEquals(two, received(second));
    send(two, RESPONDER);
    assertEquals(two, received(second));
  }

  @Test
  void aRegistrationThatWaitsForTheNameIsHurriedWhenItComes() {
    AtomicInteger entered = new AtomicInteger();
    AgentDoor door = work -> entered.incrementAndGet() > 0;
    assertEquals(Optional.empty(), path.path());
    assertTrue(path.unreachable().orElseThrow().contains("being looked up"));
    path.pump(door);
    assertEquals(0, entered.get());
    zone.add(first.getLocalAddress());
    lookUps.forEach(Runnable::run);
    path.pump(door);
    path.pump(door);
    assertEquals(1, entered.get());
    assertTrue(path.path().isPresent());
    assertEquals(Optional.empty(), path.unreachable());
  }
}
