package org.keyfleet.agent.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.journal.JournalException.Reason;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * An append-only file of authenticated records. An entry counts once {@link #append} returns; a
 * crash before that leaves at most a torn last record, which the next {@link #open} cuts off.
 * Records can neither be changed nor taken out of the middle: each MAC covers the one before it.
 */
public final class Journal implements AutoCloseable {
  /** Larger than this the file is written anew with the state alone. */
  static final int COMPACT_AT_OCTETS = 128 * 1024;

  /** The end of every journal's file name. */
  public static final String SUFFIX = ".journal";

  private static final int MAX_PLAIN_NAME_CHARS = 64;

  private static final int MAX_FILE_OCTETS = 16 * 1024 * 1024;

  private final RecordMac mac;
  private final JournalHeader header;
  private JournalFile file;
  private long end;
  private long nextSequence;
  private Bytes previousMac;
  private List<JournalEntry> entries;

  private Journal(RecordMac mac, JournalHeader header, JournalFile file) throws CustodyException {
    this.mac = mac;
    this.header = header;
    this.file = file;
    this.end = header.encode().size();
    this.previousMac = shortMac(mac, header.encode());
    this.entries = List.of();
  }

  /**
   * Where a group's journal is: the group's name where a file can have it, else its octets in hex.
   */
  public static Path path(Path stateDirectory, String group) {
    boolean plain = group.length() <= MAX_PLAIN_NAME_CHARS;
    for (int i = 0; i < group.length(); i++) {
      char c = group.charAt(i);
      plain &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
    String name = plain ? group : "x" + Bytes.ofUtf8(group).hex();
    return stateDirectory.resolve(name + SUFFIX);
  }

  /** The header of the journal at {@code path}, if there is one that can be read. */
  public static Optional<JournalHeader> header(Path path) throws IOException, JournalException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (JournalFile file = JournalFile.open(path)) {
      return Optional.of(JournalHeader.decode(file.read(MAX_FILE_OCTETS).reader()));
    } catch (MalformedMessageException e) {
      throw new JournalException(Reason.DAMAGED, "journal header: " + e.getMessage());
    }
  }

  /** Starts a journal with {@code entries}, in place of an earlier one. */
  public static Journal create(
      Path path, JournalHeader header, RecordMac mac, List<JournalEntry> entries)
      throws IOException, CustodyException {
    Written written = write(header, mac, entries);
    Journal journal = new Journal(mac, header, JournalFile.replace(path, written.octets));
    journal.adopt(written, entries);
    return journal;
  }

  /** Opens the journal at {@code path} and reads all of it. */
  public static Journal open(Path path, RecordMac mac)
      throws IOException, CustodyException, JournalException {
    JournalFile file = JournalFile.open(path);
    boolean opened = false;
    try {
      Bytes content = file.read(MAX_FILE_OCTETS);
      Journal journal = new Journal(mac, JournalHeader.decode(content.reader()), file);
      journal.replay(content);
      opened = true;
      return journal;
    } catch (MalformedMessageException e) {
      throw new JournalException(Reason.DAMAGED, "journal: " + e.getMessage());
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  /** The entries in the order they were written. */
  public List<JournalEntry> entries() {
    return entries;
  }

  public JournalHeader header() {
    return header;
  }

  /** Whether the next entry should be a {@link #compact} instead of an {@link #append}. */
  public boolean wantsCompaction() {
    return end > COMPACT_AT_OCTETS;
  }

  /** Adds an entry and returns when it is durable. */
  public void append(JournalEntry entry) throws IOException, CustodyException {
    JournalRecord next = record(mac, previousMac, nextSequence, entry);
    Bytes octets = next.encode();
    file.append(end, octets);
    end += octets.size();
    nextSequence++;
    previousMac = next.mac();
  }

  /** Replaces all entries in one step; the old ones hold until this returns. */
  public void compact(List<JournalEntry> state) throws IOException, CustodyException {
    Written written = write(header, mac, state);
    JournalFile fresh = JournalFile.replace(file.path(), written.octets);
    file.close();
    file = fresh;
    adopt(written, state);
  }

  @Override
  public void close() {
    file.close();
  }

  private void replay(Bytes content) throws IOException, CustodyException, JournalException {
    List<JournalEntry> found = new ArrayList<>();
    Tail tail = new Tail(content);
    while (true) {
      Optional<JournalRecord> next = tail.next((int) end);
      if (next.isEmpty()) {
        break;
      }
      JournalRecord record = next.get();
      JournalEntry entry = new JournalEntry(record.type(), record.body());
      JournalRecord expected = record(mac, previousMac, nextSequence, entry);
      if (record.sequence() != nextSequence || !expected.mac().matches(record.mac())) {
        throw new JournalException(
            Reason.NOT_AUTHENTIC, "journal record " + nextSequence + " is not authentic");
      }
      found.add(entry);
      end += record.encode().size();
      nextSequence++;
      previousMac = record.mac();
    }
    if (end < content.size()) {
      file.truncate(end);
    }
    entries = List.copyOf(found);
  }

  private void adopt(Written written, List<JournalEntry> state) {
    end = written.octets.size();
    nextSequence = state.size();
    previousMac = written.lastMac;
    entries = List.copyOf(state);
  }

  private static Written write(JournalHeader header, RecordMac mac, List<JournalEntry> entries)
      throws CustodyException {
    ByteWriter out = new ByteWriter().bytes(header.encode());
    Bytes last = shortMac(mac, header.encode());
    for (int i = 0; i < entries.size(); i++) {
      JournalRecord next = record(mac, last, i, entries.get(i));
      out.bytes(next.encode());
      last = next.mac();
    }
    return new Written(out.toBytes(), last);
  }

  private static JournalRecord record(
      RecordMac mac, Bytes previousMac, long sequence, JournalEntry entry) throws CustodyException {
    Bytes input = JournalRecord.macInput(previousMac, sequence, entry.type(), entry.body());
    return new JournalRecord(sequence, entry.type(), entry.body(), shortMac(mac, input));
  }

  private static Bytes shortMac(RecordMac mac, Bytes input) throws CustodyException {
    return mac.mac(input).slice(0, JournalRecord.MAC_OCTETS);
  }

  /** A file image and the MAC that the next record follows. */
  private record Written(Bytes octets, Bytes lastMac) {}

  /** Tells a torn last record, which a crash leaves, from damage. */
  private static final class Tail {
    private final Bytes content;

    Tail(Bytes content) {
      this.content = content;
    }

    /** The record at {@code at}, or nothing where the written part ends. */
    Optional<JournalRecord> next(int at) throws JournalException {
      ByteReader in = content.slice(at, content.size()).reader();
      if (in.remaining() < JournalRecord.LENGTH_OCTETS) {
        return Optional.empty();
      }
      try {
        long length = in.u32("length");
        if (length > in.remaining() || !JournalRecord.isLength(length)) {
          return tornOrDamaged(at, length > in.remaining());
        }
        return Optional.of(JournalRecord.decode(in.take((int) length, "record")));
      } catch (MalformedMessageException e) {
        return tornOrDamaged(at, !in.hasRemaining());
      }
    }

    private Optional<JournalRecord> tornOrDamaged(int at, boolean last) throws JournalException {
      if (restIsZero(at) || (last && !isOrHidesARecord(at))) {
        return Optional.empty();
      }
      throw new JournalException(Reason.DAMAGED, "journal is damaged at octet " + at);
    }

    /**
     * A length that was changed makes whole records look like one that is torn: the one it belongs
     * to, and those behind it. A record that was torn holds no whole one.
     */
    private boolean isOrHidesARecord(int at) {
      if (isRecord(at + JournalRecord.LENGTH_OCTETS, content.size())) {
        return true;
      }
      for (int i = at + 1; i <= content.size() - JournalRecord.LENGTH_OCTETS; i++) {
        int from = i + JournalRecord.LENGTH_OCTETS;
        long length =
            (long) content.at(i) << 24
                | content.at(i + 1) << 16
                | content.at(i + 2) << 8
                | content.at(i + 3);
        if (length <= content.size() - from && isRecord(from, from + (int) length)) {
          return true;
        }
      }
      return false;
    }

    private boolean isRecord(int from, int to) {
      if (to < from || !JournalRecord.isLength(to - from)) {
        return false;
      }
      try {
        JournalRecord.decode(content.slice(from, to));
        return true;
      } catch (MalformedMessageException e) {
        return false;
      }
    }

    /** A file that grew before its octets were written ends in zeros. */
    private boolean restIsZero(int at) {
      for (int i = at; i < content.size(); i++) {
        if (content.at(i) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
