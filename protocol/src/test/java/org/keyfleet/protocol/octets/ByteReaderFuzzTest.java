package org.keyfleet.protocol.octets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** A reader never reads over its end, and what it takes is what stands there. */
@Tag("fuzz")
class ByteReaderFuzzTest {
  @FuzzTest
  void takesNoMoreThanThereIs(FuzzedDataProvider data) {
    Bytes octets = Bytes.copyOf(data.consumeBytes(64));
    ByteReader reader = octets.reader();
    while (data.remainingBytes() > 0) {
      int before = reader.remaining();
      int wanted = data.consumeInt();
      try {
        Bytes taken = reader.take(wanted, "octets");
        int from = octets.size() - before;
        assertEquals(octets.slice(from, from + wanted), taken);
        assertEquals(before - wanted, reader.remaining());
      } catch (MalformedMessageException refused) {
        assertTrue(wanted < 0 || wanted > before);
        assertEquals(before, reader.remaining());
      }
    }
  }
}
