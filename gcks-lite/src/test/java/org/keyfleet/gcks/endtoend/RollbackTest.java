package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.protocol.gikev2.GroupSender;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.memory.MemoryNetwork;

/** The store is put back to an older state of itself, as by a restored backup (decision 0042). */
class RollbackTest extends WorldFixture {
  private static final String STORE = "gcks.db";

  @Test
  void aStoreThatWasPutBackRepeatsNothing() throws Exception {
    for (int i = 1; i <= 4; i++) {
      world().registered(world().pskMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(1);
    Path copy = copyStore("backup");
    world().registered(world().pskMember("m5.fleet.example"));
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().runSeconds(1);

    world().stopServer();
    putBack(copy);
    world().startServer();
    assertAnEvictedMemberIsOut("m2.fleet.example", "m6.fleet.example");
    assertNoMessageIdTwice();
    assertOneKeyForEachSpi();
  }

  /** With the key file nothing is left that could notice it. */
  @Test
  void aMachineThatWasPutBackRepeatsNothing() throws Exception {
    for (int i = 1; i <= 4; i++) {
      world().registered(world().pskMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(1);
    Path copy = copyStore("backup");
    Files.copy(directory().resolve("custody.keys"), copy.resolve("custody.keys"));
    for (int life = 0; life < 3; life++) {
      world().stopServer();
      putBack(copy);
      reopenCustody();
      world().startServer();
      assertAnEvictedMemberIsOut("m2.fleet.example", "m" + (6 + life) + ".fleet.example");
    }
    assertNoMessageIdTwice();
    assertOneKeyForEachSpi();
  }

  @Test
  void anOldStoreIsRefusedUntilTheOperatorSaysSo() throws Exception {
    world().registered(world().pskMember("m1.fleet.example"));
    PlainMember m2 = world().registered(world().pskMember("m2.fleet.example"));
    Path copy = copyStore("backup");
    world().stopServer();
    world().startServer();
    world().stopServer();
    putBack(copy);
    StoreException refused = assertThrows(StoreException.class, () -> world().startServer());
    assertTrue(String.valueOf(refused.getMessage()).contains("--restored"));
    assertEquals(1, String.valueOf(refused.getMessage()).lines().count());
    world().stopServer();

    world().startServer(true);
    world().runSeconds(1);
    assertEquals(0, world().store().memberCount("fleet"));
    assertTrue(m2.excluded, "who still follows the old Rekey SA hears of it");
    Map<Bytes, Bytes> before = new HashMap<>(m2.dataKeys);
    PlainMember again = world().registered(world().pskMember(m2.name));
    again
        .current()
        .forEach(
            (spi, key) -> {
              assertFalse(before.containsKey(spi));
              assertFalse(before.containsValue(key));
            });
    assertNoMessageIdTwice();
    world().stopServer();
    world().startServer();
    assertEquals(1, world().store().memberCount("fleet"));
  }

  @Test
  void aCopyFromBeforeAnOrderlyStopIsRefused() throws Exception {
    world().registered(world().pskMember("m1.fleet.example"));
    Path copy = copyStore("backup");
    world().server().stopped();
    world().stopServer();
    putBack(copy);
    assertThrows(StoreException.class, () -> world().startServer());
  }

  /** With the store its evictions are lost, so this is a rollback too. */
  @Test
  void aLostStoreIsRefusedUntilTheOperatorSaysSo() throws Exception {
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    world().stopServer();
    deleteStore();
    assertThrows(StoreException.class, () -> world().startServer());
    world().stopServer();
    world().startServer(true);
    PlainMember again = world().registered(world().pskMember("m1.fleet.example"));
    again.current().values().forEach(key -> assertFalse(m1.dataKeys.containsValue(key)));
    again.knownKeks().forEach(kek -> assertFalse(m1.knownKeks().contains(kek)));
    assertNoMessageIdTwice();
    assertOneKeyForEachSpi();
  }

  /** An IV is made of the Sender-ID (RFC 6054): no two senders may have one under the same key. */
  @Test
  void aStoreThatWasPutBackRepeatsNoSenderId() throws Exception {
    policy.backward = false;
    PlainMember first = world().registered(sender(1));
    PlainMember follower = world().registered(sender(2));
    world().runSeconds(1);
    Path copy = copyStore("backup");
    world().registered(follower);
    PlainMember ghost = world().registered(sender(3));
    world().runSeconds(1);
    Map<Bytes, PlainMember> users = new HashMap<>();
    assertSenderIdsApart(users, List.of(first, follower, ghost));

    world().stopServer();
    putBack(copy);
    world().startServer();
    PlainMember late = world().registered(sender(4));
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().runSeconds(1);
    assertSenderIdsApart(users, List.of(first, follower, ghost, late));
  }

  private void assertAnEvictedMemberIsOut(String name, String next) throws Exception {
    PlainMember out = world().get(name);
    assertTrue(world().server().group("fleet").orElseThrow().evict(name, false));
    world().runSeconds(1);
    PlainMember late = world().registered(world().pskMember(next));
    world().runSeconds(1);
    assertEquals(2, late.current().size());
    late.current()
        .forEach(
            (spi, key) -> {
              assertFalse(out.dataKeys.containsKey(spi));
              assertFalse(out.dataKeys.containsValue(key));
            });
  }

  private PlainMember sender(int number) throws Exception {
    return world()
        .member(
            "m" + number + ".fleet.example",
            new PlainMember.Credential.Psk(World.PSK),
            Optional.of(new GroupSender(1)));
  }

  private static void assertSenderIdsApart(
      Map<Bytes, PlainMember> users, List<PlainMember> senders) {
    for (PlainMember sender : senders) {
      assertEquals(1, sender.senderIds.size(), sender.name);
      for (Bytes key : sender.current().values()) {
        Bytes use = Bytes.concat(key, Bytes.ofUtf8(sender.senderIds.get(0).toString()));
        PlainMember other = users.putIfAbsent(use, sender);
        assertTrue(other == null || other == sender, sender.name + " has another's Sender-ID");
      }
    }
  }

  /** The Message ID is the IV: under one Rekey SA it stands for one message. */
  private void assertNoMessageIdTwice() throws Exception {
    Map<Bytes, Bytes> messages = new HashMap<>();
    for (MemoryNetwork.Passage passage : world().network.passages()) {
      Bytes octets = Bytes.copyOf(passage.datagram().octets());
      if (passage.to().multicast()) {
        Bytes id = Bytes.concat(octets.slice(0, 16), octets.slice(20, 24));
        Bytes other = messages.putIfAbsent(id, octets);
        assertTrue(other == null || other.equals(octets), "Message ID twice");
      }
    }
  }

  private void assertOneKeyForEachSpi() throws Exception {
    Map<Bytes, Bytes> bySpi = new HashMap<>();
    for (PlainMember member : world().members.values()) {
      member.dataKeys.forEach(
          (spi, key) -> {
            Bytes other = bySpi.putIfAbsent(spi, key);
            assertTrue(other == null || other.equals(key), "SPI twice");
          });
    }
  }

  private Path copyStore(String name) throws IOException {
    Path copy = Files.createDirectories(directory().resolve(name));
    try (Stream<Path> files = Files.list(directory())) {
      for (Path file : files.filter(RollbackTest::ofStore).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private void putBack(Path copy) throws IOException {
    deleteStore();
    try (Stream<Path> files = Files.list(copy)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, directory().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private void deleteStore() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      for (Path file : files.filter(RollbackTest::ofStore).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean ofStore(Path file) {
    return String.valueOf(file.getFileName()).startsWith(STORE);
  }
}
