package org.keyfleet.gcks.store;

import java.util.List;

/** The tables, one list of statements for each schema version. A version once released is fixed. */
final class SqliteSchema {
  static final List<List<String>> VERSIONS =
      List.of(
          List.of(
              "CREATE TABLE master (grp TEXT PRIMARY KEY, check_value BLOB NOT NULL) STRICT",
              "CREATE TABLE grp (name TEXT PRIMARY KEY, next_key_id INTEGER NOT NULL,"
                  + " next_serial INTEGER NOT NULL, next_sender_id INTEGER NOT NULL,"
                  + " sender_id_end INTEGER NOT NULL, epoch INTEGER NOT NULL,"
                  + " degree INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0,"
                  + " rekey_owed INTEGER NOT NULL DEFAULT 0,"
                  + " heal_from INTEGER NOT NULL DEFAULT 0,"
                  + " fingerprint TEXT NOT NULL DEFAULT '') STRICT",
              "CREATE TABLE store_mark (id INTEGER PRIMARY KEY CHECK (id = 1),"
                  + " number INTEGER NOT NULL) STRICT",
              "CREATE TABLE incarnation (grp TEXT NOT NULL, first_key_id INTEGER NOT NULL,"
                  + " first_serial INTEGER NOT NULL, random BLOB NOT NULL,"
                  + " PRIMARY KEY (grp, first_key_id, first_serial)) STRICT",
              "CREATE TABLE rekey_sa (grp TEXT PRIMARY KEY, serial INTEGER NOT NULL,"
                  + " spi BLOB NOT NULL, next_message_id INTEGER NOT NULL,"
                  + " expires_millis INTEGER NOT NULL, refresh_millis INTEGER NOT NULL,"
                  + " releaser_key_id INTEGER NOT NULL, next_spi BLOB NOT NULL) STRICT",
              "CREATE TABLE data_sa (grp TEXT NOT NULL, name TEXT NOT NULL,"
                  + " serial INTEGER NOT NULL, spi INTEGER NOT NULL,"
                  + " expires_millis INTEGER NOT NULL, refresh_millis INTEGER NOT NULL,"
                  + " next_spi INTEGER NOT NULL, PRIMARY KEY (grp, name)) STRICT",
              "CREATE TABLE used_spi (spi INTEGER PRIMARY KEY) STRICT",
              "CREATE TABLE node (grp TEXT NOT NULL, node INTEGER NOT NULL,"
                  + " key_id INTEGER NOT NULL, PRIMARY KEY (grp, node)) STRICT, WITHOUT ROWID",
              "CREATE TABLE member (grp TEXT NOT NULL, identity TEXT NOT NULL,"
                  + " leaf INTEGER NOT NULL, key_id INTEGER NOT NULL, sender INTEGER NOT NULL,"
                  + " fragments INTEGER NOT NULL,"
                  + " authentication TEXT NOT NULL, transport TEXT NOT NULL,"
                  + " registered_millis INTEGER NOT NULL, PRIMARY KEY (grp, identity)) STRICT",
              "CREATE TABLE sender_grant (grp TEXT NOT NULL, identity TEXT NOT NULL,"
                  + " since_millis INTEGER NOT NULL, granted INTEGER NOT NULL,"
                  + " PRIMARY KEY (grp, identity)) STRICT",
              "CREATE TABLE listing (grp TEXT NOT NULL, identity TEXT NOT NULL,"
                  + " blocked INTEGER NOT NULL, PRIMARY KEY (grp, identity)) STRICT",
              "CREATE TABLE rekey_message (sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
                  + " grp TEXT NOT NULL, rekey_spi BLOB NOT NULL, message_id INTEGER NOT NULL,"
                  + " reason TEXT NOT NULL, wraps INTEGER NOT NULL,"
                  + " created_millis INTEGER NOT NULL, copies_left INTEGER NOT NULL,"
                  + " UNIQUE (grp, rekey_spi, message_id)) STRICT",
              "CREATE INDEX rekey_message_due ON rekey_message (grp, copies_left)",
              "CREATE TABLE rekey_datagram (sequence INTEGER NOT NULL, number INTEGER NOT NULL,"
                  + " octets BLOB NOT NULL, PRIMARY KEY (sequence, number)) STRICT",
              "CREATE TABLE audit (sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
                  + " at_millis INTEGER NOT NULL, grp TEXT NOT NULL, event TEXT NOT NULL,"
                  + " detail TEXT NOT NULL) STRICT"));

  private SqliteSchema() {}
}
