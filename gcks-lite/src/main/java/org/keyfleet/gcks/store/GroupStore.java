package org.keyfleet.gcks.store;

import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;

/** The server's durable state. One thread uses it. */
public interface GroupStore extends AutoCloseable {
  /** Writes of one transaction. */
  @FunctionalInterface
  interface Writes {
    void to(StoreWriter writer) throws StoreException;
  }

  /**
   * Does all of {@code writes} or nothing, and returns when it is on disk.
   *
   * @throws StoreException when nothing was written
   */
  void write(Writes writes) throws StoreException;

  /** Starts and orderly stops of a server with this store. */
  long mark() throws StoreException;

  /** Check value of the master key that the group's keys come from; empty for a new group. */
  Bytes masterCheck(String group) throws StoreException;

  /** The group, or empty when it was never written. */
  Optional<GroupSnapshot> group(String group) throws StoreException;

  Optional<MemberRow> member(String group, String identity) throws StoreException;

  /** All members of a group in the order of their identities. */
  List<MemberRow> members(String group) throws StoreException;

  int memberCount(String group) throws StoreException;

  /** Members that cannot reassemble fragments (RFC 9838 section 2.4.1.2). */
  int membersWithoutFragments(String group) throws StoreException;

  /** Whether a data SA of any group has or had this SPI. */
  boolean spiUsed(long spi) throws StoreException;

  /** What an identity got of Sender-IDs lately, as a member or before it left. */
  SenderGrantRow senderGrant(String group, String identity) throws StoreException;

  boolean listed(String group, String identity) throws StoreException;

  boolean blocked(String group, String identity) throws StoreException;

  List<String> listedIdentities(String group) throws StoreException;

  List<String> blockedIdentities(String group) throws StoreException;

  /** The last {@code count} messages of the rekey log, oldest first. */
  List<RekeyMessageRow> rekeyMessages(String group, int count) throws StoreException;

  /** Messages with sendings still due, oldest first. */
  List<RekeyMessageRow> dueMessages(String group) throws StoreException;

  /** The last {@code count} lines of the audit trail, oldest first. */
  List<AuditRow> audit(int count) throws StoreException;

  @Override
  void close() throws StoreException;
}
