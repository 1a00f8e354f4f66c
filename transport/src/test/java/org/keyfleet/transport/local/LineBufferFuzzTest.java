package org.keyfleet.transport.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.keyfleet.transport.local.LineBuffer.BadLineException;

/** However a stream is cut into reads, its lines are the same, and none is too long. */
@Tag("fuzz")
final class LineBufferFuzzTest {
  private static final int MAX_LINE_OCTETS = 600;

  @FuzzTest
  void linesOfAnyCut(byte[] octets) {
    LineBuffer whole = new LineBuffer(MAX_LINE_OCTETS);
    LineBuffer single = new LineBuffer(MAX_LINE_OCTETS);
    try {
      whole.accept(ByteBuffer.wrap(octets));
      for (byte octet : octets) {
        single.accept(ByteBuffer.wrap(new byte[] {octet}));
      }
    } catch (BadLineException refused) {
      return;
    }
    for (String line = whole.next(); line != null; line = whole.next()) {
      assertTrue(line.getBytes(StandardCharsets.UTF_8).length <= MAX_LINE_OCTETS);
      assertEquals(line, single.next());
    }
    assertEquals(null, single.next());
  }
}
