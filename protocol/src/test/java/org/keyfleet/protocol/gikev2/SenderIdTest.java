package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

class SenderIdTest {
  @ParameterizedTest
  @CsvSource({
    "0, 8, 00",
    "255, 8, ff",
    "256, 12, 0100",
    "1, 16, 0001",
    "65535, 16, ffff",
    "65536, 17, 010000",
    "4294967295, 32, ffffffff",
    "1, 1, 01"
  })
  void fewestOctetsThatHoldTheBits(long value, int bits, String hex)
      throws MalformedMessageException {
    SenderId id = new SenderId(value);
    assertEquals(hex, id.encode(bits).hex());
    assertEquals(id, SenderId.decode(Bytes.fromHex(hex)));
  }

  @Test
  void leadingZerosOfAPeerAreRead() throws MalformedMessageException {
    assertEquals(new SenderId(5), SenderId.decode(Bytes.fromHex("0000000000000005")));
    assertThrows(
        MalformedMessageException.class, () -> SenderId.decode(Bytes.fromHex("0100000000")));
  }

  @Test
  void senderIdThatDoesNotFitTheBits() {
    assertFalse(new SenderId(256).fits(8));
    assertTrue(new SenderId(255).fits(8));
    assertFalse(new SenderId(0).fits(0));
    assertThrows(IllegalArgumentException.class, () -> new SenderId(256).encode(8));
  }

  /** RFC 6054 section 2: Sender-ID in the most significant bits of the IV. */
  @ParameterizedTest
  @CsvSource({
    "1, 8, 0, 0100000000000000",
    "255, 8, 1, ff00000000000001",
    "2748, 12, 5, abc0000000000005",
    "4294967295, 32, 4294967295, ffffffffffffffff"
  })
  void senderIdIsPlacedAtTheTopOfTheIv(long value, int bits, long counter, String iv) {
    assertEquals(iv, String.format("%016x", new SenderId(value).iv(bits, counter)));
  }

  @Test
  void exhaustedCounterIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SenderId(1).iv(32, 0x1_0000_0000L));
    assertThrows(IllegalArgumentException.class, () -> new SenderId(1).iv(8, -1));
  }
}
