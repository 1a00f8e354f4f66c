package org.keyfleet.agent.group;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.data.ReplayMark;
import org.keyfleet.agent.journal.Journal;
import org.keyfleet.agent.journal.JournalEntry;
import org.keyfleet.agent.journal.JournalException;
import org.keyfleet.agent.journal.JournalHeader;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The journal of one membership: a snapshot for each change and a small entry for each block of
 * counters and each set of replay marks. What it says counts once it is on the disk.
 */
final class GroupJournal implements AutoCloseable {
  private static final int SNAPSHOT = 1;
  private static final int COUNTER = 2;
  private static final int RECEIVED = 3;
  private static final int EARLIER = 4;

  /** Ours: copies of messages come for seconds, in which a busy group may rekey many times. */
  private static final int MAX_EARLIER_SAS = 48;

  private final Path path;
  private final KeyCustody custody;
  private final TokenPath names;
  private final SecureRandom random;
  private final AgentClock clock;
  private @Nullable Journal journal;
  private @Nullable JournalKey key;
  private @Nullable GroupSnapshot last;
  private final Set<GroupSaId> earlier = new LinkedHashSet<>();

  GroupJournal(
      Path path, KeyCustody custody, TokenPath names, SecureRandom random, AgentClock clock) {
    this.path = path;
    this.custody = custody;
    this.names = names;
    this.random = random;
    this.clock = clock;
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
    Journal found = null;
    boolean loaded = false;
    try {
      found = Journal.open(path, opened);
      GroupSnapshot snapshot = null;
      for (JournalEntry entry : found.entries()) {
        if (entry.type() == EARLIER) {
          readEarlier(entry.body().reader());
        } else {
          snapshot = apply(snapshot, entry);
          remember(snapshot);
        }
      }
      journal = found;
      key = opened;
      last = snapshot;
      loaded = true;
      return Optional.ofNullable(snapshot);
    } catch (MalformedMessageException e) {
      throw new JournalException(
          JournalException.Reason.UNKNOWN_VERSION, "journal entry: " + e.getMessage());
    } catch (CustodyException e) {
      throw unreadable(e);
    } finally {
      if (!loaded) {
        if (found != null) {
          found.close();
        }
        opened.destroy();
      }
    }
  }

  /** SAs that the group had, the newest last: their late messages mean nothing after a restart. */
  List<GroupSaId> earlierSas() {
    return List.copyOf(earlier);
  }

  private void remember(GroupSnapshot snapshot) {
    remember(snapshot.rekeySa().policy().id());
    snapshot.dataSas().forEach(sa -> remember(sa.policy().id()));
  }

  private void remember(GroupSaId id) {
    earlier.remove(id);
    earlier.add(id);
    if (earlier.size() > MAX_EARLIER_SAS) {
      earlier.remove(earlier.iterator().next());
    }
  }

  private void readEarlier(ByteReader in) throws MalformedMessageException {
    int count = in.u8("earlier SAs");
    for (int i = 0; i < count; i++) {
      Bytes spi = in.take(in.u8("SPI size"), "SPI");
      remember(
          spi.size() == GroupSaId.REKEY_SPI_OCTETS ? GroupSaId.rekey(spi) : GroupSaId.esp(spi));
    }
    in.expectEnd("earlier SAs");
  }

  private JournalEntry earlierEntry() {
    ByteWriter body = new ByteWriter().u8(earlier.size());
    earlier.forEach(id -> body.u8(id.spi().size()).bytes(id.spi()));
    return new JournalEntry(EARLIER, body.toBytes());
  }

  /** What a journal begins with. */
  private List<JournalEntry> entries(GroupSnapshot snapshot) {
    return List.of(earlierEntry(), entry(snapshot));
  }

  /** A token that is there and cannot use the root has a torn one, which never gets better. */
  private static JournalException unreadable(CustodyException e) throws CustodyException {
    if (MembershipRestore.mayPass(e)) {
      throw e;
    }
    return new JournalException(
        JournalException.Reason.NOT_AUTHENTIC,
        "the token cannot authenticate the journal: " + e.getMessage());
  }

  private JournalKey openKey(KeyName root) throws CustodyException, JournalException {
    try {
      return JournalKey.of(custody, names, root);
    } catch (CustodyException e) {
      if (e.fault() != CustodyFault.NO_KEY) {
        throw unreadable(e);
      }
      throw new JournalException(
          JournalException.Reason.ROLLED_BACK,
          "the journal belongs to a registration that was replaced");
    }
  }

  private static GroupSnapshot apply(@Nullable GroupSnapshot before, JournalEntry entry)
      throws MalformedMessageException {
    ByteReader in = entry.body().reader();
    if (entry.type() == SNAPSHOT) {
      return SnapshotCodec.decode(entry.body());
    }
    if (entry.type() != COUNTER && entry.type() != RECEIVED) {
      throw new MalformedMessageException("type " + entry.type());
    }
    long atMillis = in.u64("time");
    Bytes spi = in.take(4, "SPI");
    long firstFree = entry.type() == COUNTER ? in.u64("counter") : 0;
    List<ReplayMark> marks = entry.type() == RECEIVED ? SnapshotCodec.marks(in) : List.of();
    in.expectEnd("numbers");
    if (before == null) {
      throw new MalformedMessageException("numbers without a snapshot");
    }
    return entry.type() == COUNTER
        ? before.withCounter(spi, firstFree, atMillis)
        : before.withMarks(spi, marks, atMillis);
  }

  /** Makes a registration durable: a new journal in place of the one before. */
  void begin(GroupSnapshot snapshot) throws IOException, CustodyException {
    JournalKey fresh = JournalKey.of(custody, names, snapshot.book().root());
    boolean begun = false;
    try {
      byte[] nonce = new byte[JournalHeader.NONCE_OCTETS];
      random.nextBytes(nonce);
      JournalHeader header = new JournalHeader(snapshot.book().root(), Bytes.copyOf(nonce));
      Journal created = Journal.create(path, header, fresh, entries(snapshot));
      begun = true;
      close();
      journal = created;
      key = fresh;
      last = snapshot;
      remember(snapshot);
    } finally {
      if (!begun) {
        fresh.destroy();
      }
    }
  }

  /** Makes a change durable. */
  void store(GroupSnapshot snapshot) throws IOException, CustodyException {
    Journal open = journal;
    if (open == null) {
      throw new IOException("the journal is not open");
    }
    if (open.wantsCompaction()) {
      open.compact(entries(snapshot));
    } else {
      open.append(entry(snapshot));
    }
    last = snapshot;
    remember(snapshot);
  }

  /** Makes a block of counters durable. */
  void reserve(Bytes spi, long upTo) throws IOException, CustodyException {
    Journal open = journal;
    GroupSnapshot state = last;
    if (open == null || state == null) {
      return; // without a journal a restart registers anew and gets another Sender-ID
    }
    long now = clock.nowMillis();
    ByteWriter body = new ByteWriter().u64(now).bytes(spi).u64(upTo);
    add(open, state.withCounter(spi, upTo, now), new JournalEntry(COUNTER, body.toBytes()));
  }

  /** Makes durable up to where packets count as received. */
  void received(Bytes spi, List<ReplayMark> marks) throws IOException, CustodyException {
    Journal open = journal;
    GroupSnapshot state = last;
    if (open == null || state == null || !state.holds(spi)) {
      return; // nothing that a restart would take up
    }
    long now = clock.nowMillis();
    ByteWriter body = new ByteWriter().u64(now).bytes(spi);
    SnapshotCodec.marks(body, marks);
    add(open, state.withMarks(spi, marks, now), new JournalEntry(RECEIVED, body.toBytes()));
  }

  private void add(Journal open, GroupSnapshot after, JournalEntry entry)
      throws IOException, CustodyException {
    if (open.wantsCompaction()) {
      open.compact(entries(after));
    } else {
      open.append(entry);
    }
    last = after;
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
