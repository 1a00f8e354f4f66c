package org.keyfleet.gcks.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.protocol.octets.Bytes;

class SqliteStoreTest {
  private static final RekeySaRow SA =
      new RekeySaRow(3, Bytes.fromHex("0102"), 4, 5, 6, 0xffff_ffffL, Bytes.fromHex("0304"));
  private static final MemberRow MEMBER =
      new MemberRow("m1.a", 2, 9, true, false, "psk", "udp", 77);

  @TempDir private Path directory;
  private Path file = Path.of("unset");

  @BeforeEach
  void placeFile() {
    file = directory.resolve("gcks.db");
  }

  @Test
  void everythingWrittenIsThereAfterReopening() throws Exception {
    RekeyMessageRow message =
        new RekeyMessageRow(
            0, SA.spi(), 7, "evict", 5, 88, 3, List.of(Bytes.of(1, 2), Bytes.of(3)));
    try (SqliteStore store = SqliteStore.open(file)) {
      store.write(
          to -> {
            to.mark(17);
            to.masterCheck("g", Bytes.of(5));
            to.counters("g", new CounterRow(0xffff_fffeL, 2, 3, 5, 4));
            to.incarnation("g", new IncarnationRow(1, 1, Bytes.of(7)));
            to.incarnation("g", new IncarnationRow(1, 1, Bytes.of(8)));
            to.tree("g", 4, 3);
            to.fingerprint("g", "f");
            to.rekeyOwed("g", true);
            to.healFrom("g", 6);
            to.useSpi(0xdead_beefL);
            to.nodes("g", List.of(new NodeRow(5, 6), new NodeRow(7, 8)));
            to.nodes("g", List.of(new NodeRow(5, 0)));
            to.rekeySa("g", SA);
            to.dataSas("g", List.of(new DataSaRow("d", 1, 0xdead_beefL, 3, 4, 5)));
            to.member("g", MEMBER);
            to.list("g", "m1.a");
            to.block("g", "m2.a");
            to.rekeyMessage("g", message);
            to.audit(99, "g", "evict", "m3.a");
          });
    }
    try (SqliteStore store = SqliteStore.open(file)) {
      assertEquals(
          Optional.of(
              new GroupSnapshot(
                  new CounterRow(0xffff_fffeL, 2, 3, 5, 4),
                  4,
                  3,
                  "f",
                  true,
                  6,
                  List.of(new IncarnationRow(1, 1, Bytes.of(8))),
                  Optional.of(SA),
                  List.of(new DataSaRow("d", 1, 0xdead_beefL, 3, 4, 5)),
                  List.of(new NodeRow(7, 8)))),
          store.group("g"));
      assertEquals(17, store.mark());
      assertEquals(Bytes.of(5), store.masterCheck("g"));
      assertEquals(Bytes.EMPTY, store.masterCheck("other"));
      assertEquals(Optional.of(MEMBER), store.member("g", "m1.a"));
      assertEquals(Optional.empty(), store.member("other", "m1.a"));
      assertEquals(1, store.membersWithoutFragments("g"));
      assertTrue(store.spiUsed(0xdead_beefL));
      assertFalse(store.spiUsed(0xdead_beeL));
      assertTrue(store.listed("g", "m1.a"));
      assertTrue(store.blocked("g", "m2.a"));
      assertFalse(store.listed("g", "m2.a"));
      RekeyMessageRow stored = store.dueMessages("g").get(0);
      assertEquals(message.datagrams(), stored.datagrams());
      assertEquals(3, stored.octets());
      assertEquals("evict", store.audit(10).get(0).event());
    }
  }

  @Test
  void aFailedTransactionLeavesNothing() throws Exception {
    try (SqliteStore store = SqliteStore.open(file)) {
      assertThrows(
          StoreException.class,
          () ->
              store.write(
                  to -> {
                    to.counters("g", CounterRow.FIRST);
                    throw new StoreException("no");
                  }));
      assertEquals(Optional.empty(), store.group("g"));
      store.write(to -> to.counters("g", CounterRow.FIRST));
      assertTrue(store.group("g").isPresent());
    }
  }

  @Test
  void oldLinesAndMessagesGo() throws Exception {
    try (SqliteStore store = SqliteStore.open(file)) {
      store.write(
          to -> {
            for (int i = 0; i < 10; i++) {
              to.audit(i, "g", "event", "");
              to.rekeyMessage(
                  "g",
                  new RekeyMessageRow(
                      0, SA.spi(), i, "join", 0, i, i == 0 ? 1 : 0, List.of(Bytes.of(i))));
            }
          });
      store.write(to -> to.prune(2, 5));
      assertEquals(5, store.audit(100).size());
      // the first is still to be sent
      assertEquals(
          List.of(0L, 5L, 6L, 7L, 8L, 9L),
          store.rekeyMessages("g", 100).stream().map(RekeyMessageRow::messageId).toList());
      assertEquals(List.of(Bytes.of(0)), store.dueMessages("g").get(0).datagrams());
      store.write(to -> to.prune(8, 5));
      assertEquals(2, store.audit(100).size());
    }
  }

  @Test
  void theSameMessageIdTwiceIsRefused() throws Exception {
    RekeyMessageRow message =
        new RekeyMessageRow(0, SA.spi(), 7, "join", 0, 1, 1, List.of(Bytes.of(1)));
    try (SqliteStore store = SqliteStore.open(file)) {
      store.write(to -> to.rekeyMessage("g", message));
      assertThrows(StoreException.class, () -> store.write(to -> to.rekeyMessage("g", message)));
    }
  }

  @Test
  void aSecondServerIsRefused() throws Exception {
    try (SqliteStore first = SqliteStore.open(file)) {
      first.write(to -> to.counters("g", CounterRow.FIRST));
      StoreException e = assertThrows(StoreException.class, () -> SqliteStore.open(file));
      assertTrue(String.valueOf(e.getMessage()).contains("in use by another server"));
    }
  }

  @Test
  void aNewerSchemaIsRefused() throws Exception {
    try (SqliteStore store = SqliteStore.open(file)) {
      store.write(to -> to.counters("g", CounterRow.FIRST));
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version=999");
    }
    StoreException e = assertThrows(StoreException.class, () -> SqliteStore.open(file));
    assertTrue(String.valueOf(e.getMessage()).contains("schema version 999"));
  }

  @Test
  void aMissingDirectoryIsOneLine() {
    StoreException e =
        assertThrows(
            StoreException.class, () -> SqliteStore.open(directory.resolve("none/gcks.db")));
    assertEquals(1, String.valueOf(e.getMessage()).lines().count());
  }
}
