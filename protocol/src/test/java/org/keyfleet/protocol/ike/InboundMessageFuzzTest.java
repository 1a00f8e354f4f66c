package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Any datagram is refused in our words or read, and what is read can be written again. */
@Tag("fuzz")
class InboundMessageFuzzTest {
  @FuzzTest
  void parse(byte[] datagram) throws MalformedMessageException {
    InboundMessage message;
    try {
      message = InboundMessage.parse(Bytes.copyOf(datagram));
    } catch (MalformedMessageException refused) {
      return;
    }
    if (message instanceof SealedMessage sealed) {
      assertTrue(sealed.associatedData().size() >= IkeHeader.OCTETS);
      return;
    }
    Bytes again = OutboundMessage.clear(message.header(), message.payloads().all());
    InboundMessage second = InboundMessage.parse(again);
    assertEquals(message.header(), second.header());
    assertEquals(message.payloads(), second.payloads());
    assertEquals(datagram.length, again.size());
  }
}
