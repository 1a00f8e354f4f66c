package org.keyfleet.gcks.store;

import java.util.List;
import org.keyfleet.protocol.octets.Bytes;

/** The writes of one transaction. */
public interface StoreWriter {
  /** Counts starts and orderly stops of the server. */
  void mark(long number) throws StoreException;

  /** Names the master key that the group's keys come from. */
  void masterCheck(String group, Bytes value) throws StoreException;

  void counters(String group, CounterRow counters) throws StoreException;

  /** Writes a life of the server; a life that gave nothing out is replaced by the next one. */
  void incarnation(String group, IncarnationRow row) throws StoreException;

  /** Forgets every life, when no key of theirs is in use. */
  void clearIncarnations(String group) throws StoreException;

  /** Sets the shape of the key tree. */
  void tree(String group, int degree, int height) throws StoreException;

  /** Names the policy that members are given from now on. */
  void fingerprint(String group, String fingerprint) throws StoreException;

  /** Whether new SAs are owed to a group without a tree, because somebody left it. */
  void rekeyOwed(String group, boolean owed) throws StoreException;

  /** The leaf at which healing goes on. */
  void healFrom(String group, int leaf) throws StoreException;

  /** Takes the SPI of a data SA, for good. */
  void useSpi(long spi) throws StoreException;

  /** Forgets every node, for a new tree. */
  void clearNodes(String group) throws StoreException;

  void nodes(String group, List<NodeRow> nodes) throws StoreException;

  void rekeySa(String group, RekeySaRow sa) throws StoreException;

  /** Forgets the Rekey SA. */
  void dropRekeySa(String group) throws StoreException;

  /** Replaces the group's data SAs. */
  void dataSas(String group, List<DataSaRow> sas) throws StoreException;

  void member(String group, MemberRow member) throws StoreException;

  void senderGrant(String group, String identity, SenderGrantRow row) throws StoreException;

  /** Forgets what every identity got, when Sender-IDs start over. */
  void clearSenderGrants(String group) throws StoreException;

  void removeMember(String group, String identity) throws StoreException;

  void clearMembers(String group) throws StoreException;

  /** Puts an identity on the list of those who may join, and off the list of the blocked. */
  void list(String group, String identity) throws StoreException;

  /** Puts an identity on the list of the blocked, and off the other. */
  void block(String group, String identity) throws StoreException;

  /** Takes an identity off both lists. */
  void unlist(String group, String identity) throws StoreException;

  /** Appends to the rekey log and gives the message its sequence number. */
  long rekeyMessage(String group, RekeyMessageRow message) throws StoreException;

  void copiesLeft(long sequence, int copies) throws StoreException;

  /**
   * Forgets old lines of the audit trail and old messages of the rekey log that are sent to their
   * end.
   *
   * @param beforeMillis what is older goes
   * @param most of each that stay
   */
  void prune(long beforeMillis, int most) throws StoreException;

  void audit(long atMillis, String group, String event, String detail) throws StoreException;
}
