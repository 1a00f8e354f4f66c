package org.keyfleet.agent.group;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.journal.Journal;
import org.keyfleet.agent.journal.JournalEntry;
import org.keyfleet.agent.journal.JournalException;
import org.keyfleet.agent.journal.JournalHeader;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The journal of one membership: a snapshot for each change and a small entry for each block of
 * counters. What it says counts once it is on the disk.
 */
final class GroupJournal implements AutoCloseable {
  private static final int SNAPSHOT = 1;
  private static final int COUNTER = 2;

  private final Path path;
  private final KeyCustody custody;
  private final TokenPath names;
  private final SecureRandom random;
  private @Nullable Journal journal;
  private @Nullable JournalKey key;
  private @Nullable GroupSnapshot last;

  GroupJournal(Path path, KeyCustody custody, TokenPath names, SecureRandom random) {
    this.path = path;
    this.custody = custody;
    this.names = names;
    this.random = random;
  }

  /** The root key that the journal on the disk hangs on, if there is one. */
  Optional<KeyName> rootOnDisk() throws IOException, JournalException {
    return Journal.header(path).map(JournalHeader::root);
  }

  /**
   * Reads the journal on the disk.
   *
   * @return empty when there is none
   * @throws JournalException when it cannot be believed: register anew
   */
  Optional<GroupSnapshot> load() throws IOException, CustodyException, JournalException {
    Optional<KeyName> root = rootOnDisk();
    if (root.isEmpty()) {
      return Optional.empty();
    }
    JournalKey opened = openKey(root.get());
    Journal found = Journal.open(path, opened);
    GroupSnapshot snapshot = null;
    try {
      for (JournalEntry entry : found.entries()) {
        snapshot = apply(snapshot, entry);
      }
    } catch (MalformedMessageException e) {
      found.close();
      throw new JournalException(
          JournalException.Reason.UNKNOWN_VERSION, "journal entry: " + e.getMessage());
    }
    journal = found;
    key = opened;
    last = snapshot;
    return Optional.ofNullable(snapshot);
  }

  private JournalKey openKey(KeyName root) throws CustodyException, JournalException {
    try {
      return JournalKey.of(custody, names, root);
    } catch (CustodyException e) {
      if (e.fault() != CustodyFault.NO_KEY) {
        throw e;
      }
      throw new JournalException(
          JournalException.Reason.ROLLED_BACK,
          "the journal belongs to a registration that was replaced");
    }
  }

  private static @Nullable GroupSnapshot apply(@Nullable GroupSnapshot before, JournalEntry entry)
      throws MalformedMessageException {
    ByteReader in = entry.body().reader();
    if (entry.type() == SNAPSHOT) {
      return SnapshotCodec.decode(entry.body());
    }
    if (entry.type() != COUNTER) {
      throw new MalformedMessageException("type " + entry.type());
    }
    Bytes spi = in.take(4, "SPI");
    long firstFree = in.u64("counter");
    in.expectEnd("counter");
    return before == null ? null : before.withCounter(spi, firstFree);
  }

  /** Makes a registration durable: a new journal in place of the one before. */
  void begin(GroupSnapshot snapshot) throws IOException, CustodyException {
    JournalKey fresh = JournalKey.of(custody, names, snapshot.book().root());
    byte[] nonce = new byte[JournalHeader.NONCE_OCTETS];
    random.nextBytes(nonce);
    JournalHeader header = new JournalHeader(snapshot.book().root(), Bytes.copyOf(nonce));
    Journal created = Journal.create(path, header, fresh, List.of(entry(snapshot)));
    close();
    journal = created;
    key = fresh;
    last = snapshot;
  }

  /** Makes a change durable. */
  void store(GroupSnapshot snapshot) throws IOException, CustodyException {
    Journal open = journal;
    if (open == null) {
      throw new IOException("the journal is not open");
    }
    if (open.wantsCompaction()) {
      open.compact(List.of(entry(snapshot)));
    } else {
      open.append(entry(snapshot));
    }
    last = snapshot;
  }

  /** Makes a block of counters durable. */
  void reserve(Bytes spi, long upTo) throws IOException, CustodyException {
    Journal open = journal;
    GroupSnapshot state = last;
    if (open == null || state == null) {
      return; // without a journal a restart registers anew and gets another Sender-ID
    }
    GroupSnapshot reserved = state.withCounter(spi, upTo);
    if (open.wantsCompaction()) {
      open.compact(List.of(entry(reserved)));
    } else {
      open.append(new JournalEntry(COUNTER, new ByteWriter().bytes(spi).u64(upTo).toBytes()));
    }
    last = reserved;
  }

  boolean isOpen() {
    return journal != null;
  }

  /** After {@code recover}: the MAC key is a session object. */
  void renewKey() throws CustodyException {
    JournalKey open = key;
    if (open != null) {
      open.renew();
    }
  }

  /** Ends the membership on the disk too. */
  void delete() throws IOException {
    close();
    Files.deleteIfExists(path);
  }

  private static JournalEntry entry(GroupSnapshot snapshot) {
    return new JournalEntry(SNAPSHOT, SnapshotCodec.encode(snapshot));
  }

  @Override
  public void close() {
    Journal open = journal;
    if (open != null) {
      open.close();
    }
    JournalKey opened = key;
    if (opened != null) {
      opened.destroy();
    }
    journal = null;
    key = null;
    last = null;
  }
}
