package org.keyfleet.agent.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Any packet, and any content behind a right ICV, is read within its bounds or refused. */
@Tag("fuzz")
class EspPacketFuzzTest {
  private static final TrafficSelector V4 = TrafficSelector.of(17, Bytes.fromHex("efc00002"), 5000);
  private static final TrafficSelector V6 =
      TrafficSelector.of(17, Bytes.fromHex("ff150000000000000000000000004d01"), 5000);

  @FuzzTest
  void packet(byte[] octets) {
    try {
      EspPacket packet = EspPacket.decode(Bytes.copyOf(octets));
      assertEquals(Bytes.copyOf(octets), Bytes.concat(packet.associatedData(), packet.sealed()));
    } catch (MalformedMessageException refused) {
      assertTrue(String.valueOf(refused.getMessage()).length() < 200);
    }
  }

  @FuzzTest
  void content(byte[] octets) {
    for (TrafficSelector selector : new TrafficSelector[] {V4, V6}) {
      for (boolean tunnel : new boolean[] {false, true}) {
        try {
          EspPacket.Content content = EspPacket.unpad(octets.clone());
          InnerDatagram inner = InnerDatagram.decode(tunnel, content, selector);
          assertEquals(5000, inner.destinationPort());
          assertTrue(inner.payload().size() <= octets.length);
        } catch (MalformedMessageException refused) {
          assertTrue(String.valueOf(refused.getMessage()).length() < 200);
        }
      }
    }
  }
}
