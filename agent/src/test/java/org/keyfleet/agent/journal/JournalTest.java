package org.keyfleet.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.agent.journal.JournalException.Reason;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.octets.Bytes;

class JournalTest {
  private static final JournalHeader HEADER =
      new JournalHeader(
          new KeyName("kf.root", Bytes.fromHex("0102030405")),
          Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));
  private static final RecordMac KEY = keyed("one");

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("tv.journal");
  }

  @Test
  void entriesComeBackInOrder() throws Exception {
    List<JournalEntry> written = write(5);
    try (Journal journal = Journal.open(path, KEY)) {
      assertEquals(written, journal.entries());
      assertEquals(HEADER, journal.header());
    }
    assertEquals(HEADER, Journal.header(path).orElseThrow());
  }

  @Test
  void appendingGoesOnAfterReopening() throws Exception {
    List<JournalEntry> written = new ArrayList<>(write(2));
    try (Journal journal = Journal.open(path, KEY)) {
      written.add(entry(7));
      journal.append(written.get(2));
    }
    try (Journal journal = Journal.open(path, KEY)) {
      assertEquals(written, journal.entries());
    }
  }

  /** A crash in the middle of a write: whatever part of the last record is there is cut off. */
  @Test
  void everyTornTailIsCutOff() throws Exception {
    List<JournalEntry> written = write(3);
    byte[] whole = Files.readAllBytes(path);
    int lastStart = whole.length - recordOctets(entry(2));
    for (int size = lastStart; size < whole.length; size++) {
      Files.write(path, Arrays.copyOf(whole, size));
      try (Journal journal = Journal.open(path, KEY)) {
        assertEquals(written.subList(0, 2), journal.entries());
        journal.append(entry(9));
      }
      try (Journal journal = Journal.open(path, KEY)) {
        assertEquals(List.of(written.get(0), written.get(1), entry(9)), journal.entries());
      }
    }
  }

  /** The file grew before the octets came: they read as zeros. */
  @Test
  void zeroedTailIsCutOff() throws Exception {
    List<JournalEntry> written = write(3);
    byte[] whole = Files.readAllBytes(path);
    int lastStart = whole.length - recordOctets(entry(2));
    Arrays.fill(whole, lastStart, whole.length, (byte) 0);
    Files.write(path, whole);
    try (Journal journal = Journal.open(path, KEY)) {
      assertEquals(written.subList(0, 2), journal.entries());
    }
    assertEquals(lastStart, Files.size(path));
  }

  /** Also a bit of a length, which then points behind the end: whole records follow it. */
  @Test
  void everyFlippedBitBeforeTheLastRecordIsRefused() throws Exception {
    write(3);
    byte[] whole = Files.readAllBytes(path);
    int lastStart = whole.length - recordOctets(entry(2));
    for (int bit = 0; bit < lastStart * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(path, flipped);
      assertThrows(JournalException.class, () -> Journal.open(path, KEY).close(), "bit " + bit);
    }
  }

  /** Zeros are a tail only if they are all that is there behind a record. */
  @Test
  void recordZeroedInTheMiddleIsRefused() throws Exception {
    write(3);
    byte[] whole = Files.readAllBytes(path);
    int header = HEADER.encode().size();
    Arrays.fill(whole, header, header + recordOctets(entry(0)), (byte) 0);
    Files.write(path, whole);
    assertThrows(JournalException.class, () -> Journal.open(path, KEY).close());
  }

  /** An attacker repairs the CRC but cannot make the MAC. */
  @Test
  void recordOfAnotherKeyIsNotAuthentic() throws Exception {
    Journal.create(path, HEADER, keyed("two"), List.of(entry(0))).close();
    JournalException fault = assertThrows(JournalException.class, () -> Journal.open(path, KEY));
    assertEquals(Reason.NOT_AUTHENTIC, fault.reason());
  }

  @Test
  void recordTakenOutOfTheMiddleIsNoticed() throws Exception {
    write(3);
    byte[] whole = Files.readAllBytes(path);
    int header = HEADER.encode().size();
    int one = recordOctets(entry(0));
    byte[] cut = new byte[whole.length - one];
    System.arraycopy(whole, 0, cut, 0, header);
    System.arraycopy(whole, header + one, cut, header, cut.length - header);
    Files.write(path, cut);
    JournalException fault = assertThrows(JournalException.class, () -> Journal.open(path, KEY));
    assertEquals(Reason.NOT_AUTHENTIC, fault.reason());
  }

  @Test
  void laterVersionIsNamed() throws Exception {
    write(1);
    byte[] whole = Files.readAllBytes(path);
    whole[3] = 2;
    Files.write(path, whole);
    JournalException fault = assertThrows(JournalException.class, () -> Journal.open(path, KEY));
    assertEquals(Reason.UNKNOWN_VERSION, fault.reason());
  }

  @Test
  void compactionKeepsTheStateAndGoesOn() throws Exception {
    write(40);
    long before = Files.size(path);
    try (Journal journal = Journal.open(path, KEY)) {
      journal.compact(List.of(entry(1), entry(2)));
      journal.append(entry(3));
    }
    assertTrue(Files.size(path) < before);
    try (Journal journal = Journal.open(path, KEY)) {
      assertEquals(List.of(entry(1), entry(2), entry(3)), journal.entries());
    }
  }

  /** A crash in the middle of a compaction: the new file is there, but not yet under its name. */
  @Test
  void halfACompactionLeavesTheOldJournal() throws Exception {
    List<JournalEntry> written = write(3);
    Files.write(directory.resolve("tv.journal.new"), new byte[] {1, 2, 3});
    try (Journal journal = Journal.open(path, KEY)) {
      assertEquals(written, journal.entries());
      journal.compact(List.of(entry(5)));
    }
    assertFalse(Files.exists(directory.resolve("tv.journal.new")));
  }

  @Test
  void failedWriteLeavesTheOldEntries() throws Exception {
    List<JournalEntry> written = write(2);
    RecordMac dead =
        message -> {
          throw new CustodyException(CustodyFault.TOKEN_GONE, "the token is gone");
        };
    assertThrows(
        CustodyException.class, () -> Journal.create(path, HEADER, dead, List.of(entry(1))));
    try (Journal journal = Journal.open(path, KEY)) {
      assertEquals(written, journal.entries());
    }
  }

  @Test
  void onlyTheOwnerReadsTheFile() throws Exception {
    write(1);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void growingFileAsksForCompaction() throws Exception {
    try (Journal journal = Journal.create(path, HEADER, KEY, List.of())) {
      assertFalse(journal.wantsCompaction());
      journal.append(new JournalEntry(1, Bytes.copyOf(new byte[Journal.COMPACT_AT_OCTETS])));
      assertTrue(journal.wantsCompaction());
    }
  }

  private List<JournalEntry> write(int count) throws IOException, CustodyException {
    List<JournalEntry> written = new ArrayList<>();
    try (Journal journal = Journal.create(path, HEADER, KEY, List.of())) {
      for (int i = 0; i < count; i++) {
        written.add(entry(i));
        journal.append(entry(i));
      }
    }
    return written;
  }

  private static int recordOctets(JournalEntry entry) {
    return new JournalRecord(
            0, entry.type(), entry.body(), Bytes.copyOf(new byte[JournalRecord.MAC_OCTETS]))
        .encode()
        .size();
  }

  private static JournalEntry entry(int seed) {
    byte[] body = new byte[20 + seed % 5];
    new Random(seed).nextBytes(body);
    return new JournalEntry(seed % 256, Bytes.copyOf(body));
  }

  private static RecordMac keyed(String key) {
    return message -> {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(Bytes.ofUtf8(key).toArray());
        return Bytes.copyOf(digest.digest(message.toArray()));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    };
  }
}
