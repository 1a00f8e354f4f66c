package org.keyfleet.testkit;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.keyfleet.protocol.octets.Bytes;

/** What an attacker or a bad line makes of good octets. */
public final class Mutations {
  private Mutations() {}

  /** Every proper prefix, from nothing to all but one octet. */
  public static Stream<Bytes> truncations(Bytes good) {
    return IntStream.range(0, good.size()).mapToObj(end -> good.slice(0, end));
  }

  /** Every string that differs in exactly one bit. */
  public static Stream<Bytes> bitFlips(Bytes good) {
    return IntStream.range(0, good.size() * 8).mapToObj(bit -> flip(good, bit));
  }

  private static Bytes flip(Bytes good, int bit) {
    byte[] octets = good.toArray();
    octets[bit / 8] ^= (byte) (0x80 >> (bit % 8));
    return Bytes.copyOf(octets);
  }
}
