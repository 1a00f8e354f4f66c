package org.keyfleet.gcks.store;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;

/** The store in one SQLite file: write-ahead log, a sync with each commit. */
public final class SqliteStore implements GroupStore {
  private final SqliteSession session;

  private SqliteStore(SqliteSession session) {
    this.session = session;
  }

  /** Opens the file, or makes it. */
  public static SqliteStore open(Path file) throws StoreException {
    return open(file, () -> {});
  }

  /** As {@link #open(Path)}, with a hook around each statement for tests that stop there. */
  public static SqliteStore open(Path file, Runnable betweenStatements) throws StoreException {
    return new SqliteStore(new SqliteSession(file, betweenStatements));
  }

  @Override
  public void write(Writes writes) throws StoreException {
    session.begin();
    boolean done = false;
    try {
      writes.to(new SqliteWriter(session));
      session.commit();
      done = true;
    } finally {
      if (!done) {
        session.rollback();
      }
    }
  }

  @Override
  public long mark() throws StoreException {
    return session.query("SELECT number FROM store_mark", row -> row.getLong(1)).stream()
        .findFirst()
        .orElse(0L);
  }

  @Override
  public Bytes masterCheck(String group) throws StoreException {
    return session
        .query(
            "SELECT check_value FROM master WHERE grp = ?",
            row -> SqliteSession.bytes(row, "check_value"),
            group)
        .stream()
        .findFirst()
        .orElse(Bytes.EMPTY);
  }

  @Override
  public Optional<GroupSnapshot> group(String group) throws StoreException {
    List<GroupSnapshot> found = new ArrayList<>();
    List<RekeySaRow> rekeySa =
        session.query("SELECT * FROM rekey_sa WHERE grp = ?", SqliteStore::rekeySaRow, group);
    List<DataSaRow> dataSas =
        session.query("SELECT * FROM data_sa WHERE grp = ?", SqliteStore::dataSaRow, group);
    List<NodeRow> nodes =
        session.query(
            "SELECT node, key_id FROM node WHERE grp = ? ORDER BY node",
            row -> new NodeRow(row.getInt("node"), row.getLong("key_id")),
            group);
    List<IncarnationRow> incarnations =
        session.query(
            "SELECT * FROM incarnation WHERE grp = ? ORDER BY first_key_id, first_serial",
            row ->
                new IncarnationRow(
                    row.getLong("first_key_id"),
                    row.getLong("first_serial"),
                    SqliteSession.bytes(row, "random")),
            group);
    found.addAll(
        session.query(
            "SELECT * FROM grp WHERE name = ?",
            row ->
                new GroupSnapshot(
                    new CounterRow(
                        row.getLong("next_key_id"),
                        row.getLong("next_serial"),
                        row.getLong("next_sender_id"),
                        row.getLong("sender_id_end"),
                        row.getLong("epoch")),
                    row.getInt("degree"),
                    row.getInt("height"),
                    row.getString("fingerprint"),
                    row.getInt("rekey_owed") != 0,
                    row.getInt("heal_from"),
                    incarnations,
                    rekeySa.stream().findFirst(),
                    dataSas,
                    nodes),
            group));
    return found.stream().findFirst();
  }

  @Override
  public Optional<MemberRow> member(String group, String identity) throws StoreException {
    return session
        .query(
            "SELECT * FROM member WHERE grp = ? AND identity = ?",
            SqliteStore::memberRow,
            group,
            identity)
        .stream()
        .findFirst();
  }

  @Override
  public List<MemberRow> members(String group) throws StoreException {
    return session.query(
        "SELECT * FROM member WHERE grp = ? ORDER BY identity", SqliteStore::memberRow, group);
  }

  @Override
  public int memberCount(String group) throws StoreException {
    return session
        .query("SELECT count(*) FROM member WHERE grp = ?", row -> row.getInt(1), group)
        .get(0);
  }

  @Override
  public int membersWithoutFragments(String group) throws StoreException {
    return session
        .query(
            "SELECT count(*) FROM member WHERE grp = ? AND fragments = 0",
            row -> row.getInt(1),
            group)
        .get(0);
  }

  @Override
  public boolean spiUsed(long spi) throws StoreException {
    return !session
        .query("SELECT 1 FROM used_spi WHERE spi = ?", row -> row.getInt(1), spi)
        .isEmpty();
  }

  @Override
  public SenderGrantRow senderGrant(String group, String identity) throws StoreException {
    return session
        .query(
            "SELECT * FROM sender_grant WHERE grp = ? AND identity = ?",
            row -> new SenderGrantRow(row.getLong("since_millis"), row.getLong("granted")),
            group,
            identity)
        .stream()
        .findFirst()
        .orElse(SenderGrantRow.NONE);
  }

  @Override
  public boolean listed(String group, String identity) throws StoreException {
    return onList(group, identity, false);
  }

  @Override
  public boolean blocked(String group, String identity) throws StoreException {
    return onList(group, identity, true);
  }

  @Override
  public List<String> listedIdentities(String group) throws StoreException {
    return identities(group, false);
  }

  @Override
  public List<String> blockedIdentities(String group) throws StoreException {
    return identities(group, true);
  }

  @Override
  public List<RekeyMessageRow> rekeyMessages(String group, int count) throws StoreException {
    return messages(
        "SELECT * FROM (SELECT * FROM rekey_message WHERE grp = ? ORDER BY sequence DESC LIMIT ?)"
            + " ORDER BY sequence",
        group,
        count);
  }

  @Override
  public List<RekeyMessageRow> dueMessages(String group) throws StoreException {
    return messages(
        "SELECT * FROM rekey_message WHERE grp = ? AND copies_left > ? ORDER BY sequence",
        group,
        0);
  }

  @Override
  public List<AuditRow> audit(int count) throws StoreException {
    return session.query(
        "SELECT * FROM (SELECT * FROM audit ORDER BY sequence DESC LIMIT ?) ORDER BY sequence",
        row ->
            new AuditRow(
                row.getLong("sequence"),
                row.getLong("at_millis"),
                row.getString("grp"),
                row.getString("event"),
                row.getString("detail")),
        count);
  }

  @Override
  public void close() {
    session.close();
  }

  private List<RekeyMessageRow> messages(String sql, String group, int number)
      throws StoreException {
    List<RekeyMessageRow> all = new ArrayList<>();
    for (RekeyMessageRow bare : session.query(sql, SqliteStore::messageRow, group, number)) {
      List<Bytes> datagrams =
          session.query(
              "SELECT octets FROM rekey_datagram WHERE sequence = ? ORDER BY number",
              row -> SqliteSession.bytes(row, "octets"),
              bare.sequence());
      all.add(
          new RekeyMessageRow(
              bare.sequence(),
              bare.rekeySpi(),
              bare.messageId(),
              bare.reason(),
              bare.wraps(),
              bare.createdMillis(),
              bare.copiesLeft(),
              datagrams));
    }
    return all;
  }

  private boolean onList(String group, String identity, boolean blocked) throws StoreException {
    return !session
        .query(
            "SELECT 1 FROM listing WHERE grp = ? AND identity = ? AND blocked = ?",
            row -> row.getInt(1),
            group,
            identity,
            blocked)
        .isEmpty();
  }

  private List<String> identities(String group, boolean blocked) throws StoreException {
    return session.query(
        "SELECT identity FROM listing WHERE grp = ? AND blocked = ? ORDER BY identity",
        row -> row.getString(1),
        group,
        blocked);
  }

  private static RekeySaRow rekeySaRow(ResultSet row) throws SQLException {
    return new RekeySaRow(
        row.getLong("serial"),
        SqliteSession.bytes(row, "spi"),
        row.getLong("next_message_id"),
        row.getLong("expires_millis"),
        row.getLong("refresh_millis"),
        row.getLong("releaser_key_id"),
        SqliteSession.bytes(row, "next_spi"));
  }

  private static DataSaRow dataSaRow(ResultSet row) throws SQLException {
    return new DataSaRow(
        row.getString("name"),
        row.getLong("serial"),
        row.getLong("spi"),
        row.getLong("expires_millis"),
        row.getLong("refresh_millis"),
        row.getLong("next_spi"));
  }

  private static MemberRow memberRow(ResultSet row) throws SQLException {
    return new MemberRow(
        row.getString("identity"),
        row.getInt("leaf"),
        row.getLong("key_id"),
        row.getInt("sender") != 0,
        row.getInt("fragments") != 0,
        row.getString("authentication"),
        row.getString("transport"),
        row.getLong("registered_millis"));
  }

  private static RekeyMessageRow messageRow(ResultSet row) throws SQLException {
    return new RekeyMessageRow(
        row.getLong("sequence"),
        SqliteSession.bytes(row, "rekey_spi"),
        row.getLong("message_id"),
        row.getString("reason"),
        row.getInt("wraps"),
        row.getLong("created_millis"),
        row.getInt("copies_left"),
        List.of());
  }
}
