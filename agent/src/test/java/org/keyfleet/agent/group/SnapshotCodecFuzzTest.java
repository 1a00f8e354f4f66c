package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Any snapshot is refused in our words or read, and what is read can be written again. */
@Tag("fuzz")
class SnapshotCodecFuzzTest {
  @FuzzTest
  void decode(byte[] octets) throws MalformedMessageException {
    GroupSnapshot read;
    try {
      read = SnapshotCodec.decode(Bytes.copyOf(octets));
    } catch (MalformedMessageException refused) {
      return;
    }
    assertEquals(read, SnapshotCodec.decode(SnapshotCodec.encode(read)));
  }
}
