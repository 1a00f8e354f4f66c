package org.keyfleet.gcks.store;

import java.util.List;
import org.keyfleet.protocol.octets.Bytes;

/** The writes of one transaction, as SQL. */
final class SqliteWriter implements StoreWriter {
  private final SqliteSession session;

  SqliteWriter(SqliteSession session) {
    this.session = session;
  }

  @Override
  public void mark(long number) throws StoreException {
    session.update("INSERT OR REPLACE INTO store_mark (id, number) VALUES (1, ?)", number);
  }

  @Override
  public void masterCheck(String group, Bytes value) throws StoreException {
    session.update("INSERT OR REPLACE INTO master (grp, check_value) VALUES (?, ?)", group, value);
  }

  @Override
  public void counters(String group, CounterRow row) throws StoreException {
    session.update(
        "INSERT INTO grp (name, next_key_id, next_serial, next_sender_id, sender_id_end, epoch)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
            + " next_key_id = excluded.next_key_id, next_serial = excluded.next_serial,"
            + " next_sender_id = excluded.next_sender_id,"
            + " sender_id_end = excluded.sender_id_end, epoch = excluded.epoch",
        group,
        row.nextKeyId(),
        row.nextSerial(),
        row.nextSenderId(),
        row.senderIdEnd(),
        row.epoch());
  }

  @Override
  public void incarnation(String group, IncarnationRow row) throws StoreException {
    session.update(
        "INSERT OR REPLACE INTO incarnation (grp, first_key_id, first_serial, random)"
            + " VALUES (?, ?, ?, ?)",
        group,
        row.firstKeyId(),
        row.firstSerial(),
        row.random());
  }

  @Override
  public void clearIncarnations(String group) throws StoreException {
    session.update("DELETE FROM incarnation WHERE grp = ?", group);
  }

  @Override
  public void tree(String group, int degree, int height) throws StoreException {
    session.update("UPDATE grp SET degree = ?, height = ? WHERE name = ?", degree, height, group);
  }

  @Override
  public void fingerprint(String group, String fingerprint) throws StoreException {
    session.update("UPDATE grp SET fingerprint = ? WHERE name = ?", fingerprint, group);
  }

  @Override
  public void rekeyOwed(String group, boolean owed) throws StoreException {
    session.update("UPDATE grp SET rekey_owed = ? WHERE name = ?", owed, group);
  }

  @Override
  public void healFrom(String group, int leaf) throws StoreException {
    session.update("UPDATE grp SET heal_from = ? WHERE name = ?", leaf, group);
  }

  @Override
  public void useSpi(long spi) throws StoreException {
    session.update("INSERT INTO used_spi (spi) VALUES (?)", spi);
  }

  @Override
  public void clearNodes(String group) throws StoreException {
    session.update("DELETE FROM node WHERE grp = ?", group);
  }

  @Override
  public void nodes(String group, List<NodeRow> nodes) throws StoreException {
    for (NodeRow node : nodes) {
      if (node.keyId() == 0) {
        session.update("DELETE FROM node WHERE grp = ? AND node = ?", group, node.node());
      } else {
        session.update(
            "INSERT OR REPLACE INTO node (grp, node, key_id) VALUES (?, ?, ?)",
            group,
            node.node(),
            node.keyId());
      }
    }
  }

  @Override
  public void rekeySa(String group, RekeySaRow sa) throws StoreException {
    session.update(
        "INSERT OR REPLACE INTO rekey_sa (grp, serial, spi, next_message_id, expires_millis,"
            + " refresh_millis, releaser_key_id, next_spi) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        group,
        sa.serial(),
        sa.spi(),
        sa.nextMessageId(),
        sa.expiresMillis(),
        sa.refreshMillis(),
        sa.releaserKeyId(),
        sa.nextSpi());
  }

  @Override
  public void dropRekeySa(String group) throws StoreException {
    session.update("DELETE FROM rekey_sa WHERE grp = ?", group);
  }

  @Override
  public void dataSas(String group, List<DataSaRow> sas) throws StoreException {
    session.update("DELETE FROM data_sa WHERE grp = ?", group);
    for (DataSaRow sa : sas) {
      session.update(
          "INSERT INTO data_sa (grp, name, serial, spi, expires_millis, refresh_millis, next_spi)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?)",
          group,
          sa.name(),
          sa.serial(),
          sa.spi(),
          sa.expiresMillis(),
          sa.refreshMillis(),
          sa.nextSpi());
    }
  }

  @Override
  public void member(String group, MemberRow member) throws StoreException {
    session.update(
        "INSERT OR REPLACE INTO member (grp, identity, leaf, key_id, sender, fragments,"
            + " authentication, transport, registered_millis) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        group,
        member.identity(),
        member.leaf(),
        member.keyId(),
        member.sender(),
        member.fragments(),
        member.authentication(),
        member.transport(),
        member.registeredMillis());
  }

  @Override
  public void senderGrant(String group, String identity, SenderGrantRow row) throws StoreException {
    session.update(
        "INSERT OR REPLACE INTO sender_grant (grp, identity, since_millis, granted)"
            + " VALUES (?, ?, ?, ?)",
        group,
        identity,
        row.sinceMillis(),
        row.granted());
  }

  @Override
  public void clearSenderGrants(String group) throws StoreException {
    session.update("DELETE FROM sender_grant WHERE grp = ?", group);
  }

  @Override
  public void removeMember(String group, String identity) throws StoreException {
    session.update("DELETE FROM member WHERE grp = ? AND identity = ?", group, identity);
  }

  @Override
  public void clearMembers(String group) throws StoreException {
    session.update("DELETE FROM member WHERE grp = ?", group);
  }

  @Override
  public void list(String group, String identity) throws StoreException {
    listing(group, identity, false);
  }

  @Override
  public void block(String group, String identity) throws StoreException {
    listing(group, identity, true);
  }

  @Override
  public void unlist(String group, String identity) throws StoreException {
    session.update("DELETE FROM listing WHERE grp = ? AND identity = ?", group, identity);
  }

  @Override
  public long rekeyMessage(String group, RekeyMessageRow message) throws StoreException {
    session.update(
        "INSERT INTO rekey_message (grp, rekey_spi, message_id, reason, wraps, created_millis,"
            + " copies_left) VALUES (?, ?, ?, ?, ?, ?, ?)",
        group,
        message.rekeySpi(),
        message.messageId(),
        message.reason(),
        message.wraps(),
        message.createdMillis(),
        message.copiesLeft());
    long sequence = session.query("SELECT last_insert_rowid()", row -> row.getLong(1)).get(0);
    for (int i = 0; i < message.datagrams().size(); i++) {
      session.update(
          "INSERT INTO rekey_datagram (sequence, number, octets) VALUES (?, ?, ?)",
          sequence,
          i,
          message.datagrams().get(i));
    }
    return sequence;
  }

  @Override
  public void copiesLeft(long sequence, int copies) throws StoreException {
    session.update("UPDATE rekey_message SET copies_left = ? WHERE sequence = ?", copies, sequence);
  }

  @Override
  public void audit(long atMillis, String group, String event, String detail)
      throws StoreException {
    session.update(
        "INSERT INTO audit (at_millis, grp, event, detail) VALUES (?, ?, ?, ?)",
        atMillis,
        group,
        event,
        detail);
  }

  @Override
  public void prune(long beforeMillis, int most) throws StoreException {
    session.update(
        "DELETE FROM rekey_message WHERE copies_left <= 0 AND (created_millis < ?"
            + " OR sequence <= (SELECT max(sequence) FROM rekey_message) - ?)",
        beforeMillis,
        most);
    session.update(
        "DELETE FROM rekey_datagram WHERE sequence NOT IN (SELECT sequence FROM rekey_message)");
    session.update(
        "DELETE FROM audit WHERE at_millis < ? OR sequence <= (SELECT max(sequence) FROM audit) -"
            + " ?",
        beforeMillis,
        most);
  }

  private void listing(String group, String identity, boolean blocked) throws StoreException {
    session.update(
        "INSERT OR REPLACE INTO listing (grp, identity, blocked) VALUES (?, ?, ?)",
        group,
        identity,
        blocked);
  }
}
