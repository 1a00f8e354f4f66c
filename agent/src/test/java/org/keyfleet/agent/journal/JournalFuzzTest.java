package org.keyfleet.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Whatever stands in a journal file is refused in our words, cut off, or authentic. */
@Tag("fuzz")
class JournalFuzzTest {
  /** A MAC that a fuzzer can guess, so that it gets behind it. */
  private static final RecordMac MAC = message -> Bytes.copyOf(new byte[32]);

  @FuzzTest
  void record(byte[] octets) {
    try {
      JournalRecord record = JournalRecord.decode(Bytes.copyOf(octets));
      Bytes again = record.encode();
      assertEquals(Bytes.copyOf(octets), again.slice(JournalRecord.LENGTH_OCTETS, again.size()));
    } catch (MalformedMessageException refused) {
      assertTrue(String.valueOf(refused.getMessage()).length() < 200);
    }
  }

  @FuzzTest
  void file(byte[] octets) throws IOException, CustodyException {
    Path path = Files.createTempFile("fuzz", ".journal");
    try {
      Files.write(path, octets);
      try (Journal journal = Journal.open(path, MAC)) {
        assertTrue(Files.size(path) <= octets.length);
        assertTrue(journal.entries().size() <= octets.length);
      } catch (JournalException refused) {
        assertEquals(octets.length, Files.size(path));
      }
    } finally {
      Files.delete(path);
    }
  }
}
