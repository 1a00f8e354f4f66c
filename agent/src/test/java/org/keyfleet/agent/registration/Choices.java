package org.keyfleet.agent.registration;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.util.Random;
import org.keyfleet.protocol.octets.Bytes;

/** Where a test that tries anything takes its decisions from. */
interface Choices {
  /** From 0 to {@code bound - 1}. */
  int below(int bound);

  /** At most {@code max} octets of any content. */
  Bytes octets(int max);

  /** At least one octet, at most {@code max}. */
  default Bytes someOctets(int max) {
    return Bytes.concat(Bytes.of(below(256)), octets(max - 1));
  }

  /** Whether there is anything left to decide by. */
  boolean more();

  default boolean oneIn(int bound) {
    return below(bound) == 0;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static <T> T any(Choices choices, T... of) {
    return of[choices.below(of.length)];
  }

  static Choices of(Random random, int decisions) {
    return new Choices() {
      private int left = decisions;

      @Override
      public int below(int bound) {
        left--;
        return random.nextInt(bound);
      }

      @Override
      public Bytes octets(int max) {
        byte[] octets = new byte[below(max + 1)];
        random.nextBytes(octets);
        return Bytes.copyOf(octets);
      }

      @Override
      public boolean more() {
        return left > 0;
      }
    };
  }

  static Choices of(FuzzedDataProvider data) {
    return new Choices() {
      @Override
      public int below(int bound) {
        return data.consumeInt(0, bound - 1);
      }

      @Override
      public Bytes octets(int max) {
        return Bytes.copyOf(data.consumeBytes(below(max + 1)));
      }

      @Override
      public boolean more() {
        return data.remainingBytes() > 0;
      }
    };
  }
}
