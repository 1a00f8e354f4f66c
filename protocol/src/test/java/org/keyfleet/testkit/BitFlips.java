package org.keyfleet.testkit;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.keyfleet.protocol.octets.Bytes;

/** Every message that differs from a good one in one bit, and every one that is cut short. */
public final class BitFlips {
  private BitFlips() {}

  public static Stream<Bytes> of(Bytes message) {
    return IntStream.range(0, message.size() * 8).mapToObj(bit -> flipped(message, bit));
  }

  /** One flipped bit in each octet, for checks that cost too much for all. */
  public static Stream<Bytes> ofEachOctet(Bytes message) {
    return IntStream.range(0, message.size()).mapToObj(at -> flipped(message, at * 8 + at % 8));
  }

  public static Stream<Bytes> truncations(Bytes message) {
    return IntStream.range(0, message.size()).mapToObj(size -> message.slice(0, size));
  }

  private static Bytes flipped(Bytes message, int bit) {
    byte[] octets = message.toArray();
    octets[bit / 8] ^= (byte) (1 << bit % 8);
    return Bytes.copyOf(octets);
  }
}
