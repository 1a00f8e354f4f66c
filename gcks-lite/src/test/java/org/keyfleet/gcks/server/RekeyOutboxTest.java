package org.keyfleet.gcks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.SettingsReader;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.SqliteStore;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkCounters;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.MqttAddress;

/** A rekey counts as sent when the broker has it, whatever happens in between. */
class RekeyOutboxTest {
  private static final long SECOND = 1_000_000_000L;
  private static final MqttAddress TOPIC = new MqttAddress("kf/fleet/rekey");
  private static final String CONFIG =
      """
      [server]
      identity = "gcks.example"
      certificate = "gcks.pem"
      trust-anchors = "ca.pem"
      state-directory = "state"
      [custody]
      kind = "soft"
      file = "keys"
      pin-file = "pin"
      [mqtt]
      broker = "mqtt://localhost"
      [[group]]
      name = "fleet"
      [group.rekey]
      transports = ["mqtt"]
      multicast-address = "239.192.0.1"
      port = 8481
      extra-copies = 0
      [[group.data]]
      name = "d"
      multicast-address = "239.192.0.2"
      port = 4500
      [group.members]
      certificate-names = ["*.example"]
      """;

  private final FakeBroker broker = new FakeBroker();
  private final RekeyRoute route = new RekeyRoute(broker, TOPIC, false);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private SqliteStore store;

  @SuppressWarnings("NullAway.Init")
  private RekeyOutbox outbox;

  @BeforeEach
  void open() throws Exception {
    store = SqliteStore.open(directory.resolve("gcks.db"));
    outbox = outbox();
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void itIsDueUntilTheBrokerHasAllOfIt() throws Exception {
    send(1, 2);
    outbox.tick(SECOND);
    assertEquals(List.of("1.0", "1.1"), broker.taken);
    assertEquals(1, store.dueMessages("fleet").size());
    broker.acknowledge();
    outbox.tick(2 * SECOND);
    assertEquals(1, store.dueMessages("fleet").size());
    broker.acknowledge();
    outbox.tick(3 * SECOND);
    assertEquals(0, store.dueMessages("fleet").size());
  }

  /** The broker is away, the server is killed: the next one sends what nobody got. */
  @Test
  void whatWasNotAcknowledgedIsSentAgainAfterARestart() throws Exception {
    send(1, 1);
    send(2, 1);
    broker.acknowledge();
    outbox.tick(SECOND);
    broker.taken.clear();
    outbox = outbox();
    outbox.resume(2 * SECOND);
    assertEquals(List.of("2.0"), broker.taken);
  }

  /** A full queue keeps the order and loses nothing. */
  @Test
  void nothingOvertakesWhatTheLinkRefused() throws Exception {
    broker.room = 1;
    send(1, 2);
    send(2, 1);
    assertEquals(List.of("1.0"), broker.taken);
    broker.room = 5;
    outbox.tick(SECOND);
    assertEquals(List.of("1.0", "1.1", "2.0"), broker.taken);
  }

  private void send(int messageId, int datagrams) throws Exception {
    List<Bytes> octets = new ArrayList<>();
    for (int i = 0; i < datagrams; i++) {
      octets.add(Bytes.ofUtf8(messageId + "." + i));
    }
    RekeyMessageRow row =
        new RekeyMessageRow(0, Bytes.fromHex("01".repeat(16)), messageId, "test", 0, 0, 1, octets);
    List<RekeyMessageRow> stored = new ArrayList<>();
    store.write(to -> stored.add(row.numbered(to.rekeyMessage("fleet", row))));
    outbox.add(stored.get(0), 0);
  }

  private RekeyOutbox outbox() throws Exception {
    Path file = Files.writeString(directory.resolve("gcks.toml"), CONFIG);
    GroupSettings settings = SettingsReader.read(file).groups().get(0);
    return new RekeyOutbox(settings, store, List.of(route));
  }

  /** Takes so much and acknowledges when it is told to. */
  private static final class FakeBroker implements Link {
    final List<String> taken = new ArrayList<>();
    private final List<Runnable> acknowledgements = new ArrayList<>();
    int room = Integer.MAX_VALUE;

    void acknowledge() {
      acknowledgements.remove(0).run();
    }

    @Override
    public boolean send(Datagram datagram, Runnable delivered) {
      if (room == 0) {
        return false;
      }
      room--;
      taken.add(Bytes.copyOf(datagram.octets()).utf8());
      acknowledgements.add(delivered);
      return true;
    }

    @Override
    public boolean send(Datagram datagram) {
      throw new IllegalStateException("nobody would know that it arrived");
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public MqttAddress localAddress() {
      return TOPIC;
    }

    @Override
    public int maxDatagramOctets() {
      return 65_535;
    }

    @Override
    public int unfragmentedOctets() {
      return 65_535;
    }

    @Override
    public @Nullable Datagram poll() {
      return null;
    }

    @Override
    public @Nullable Datagram take(long timeoutNanos) {
      return null;
    }

    @Override
    public void onArrival(Runnable wakeUp) {}

    @Override
    public LinkState state() {
      return LinkState.UP;
    }

    @Override
    public LinkCounters counters() {
      return new LinkCounters(0, 0, 0, 0, 0);
    }

    @Override
    public void close() {}
  }
}
