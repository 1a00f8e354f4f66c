package org.keyfleet.agent.data;

import java.util.Arrays;

/**
 * Which of the latest 32-bit sequence numbers of one sender were seen (RFC 4303 section 3.4.3), as
 * a ring of bits in the manner of RFC 6479: moving forward clears whole words.
 */
final class ReplayWindow {
  /** RFC 4303 asks for 32 and prefers 64; multicast over radio reorders more. */
  static final int WINDOW_PACKETS = 1024;

  private static final int WORD_BITS = Long.SIZE;

  /** One word more than the window, so that the word being filled is never one that counts. */
  private static final int WORDS = WINDOW_PACKETS / WORD_BITS + 1;

  private final long[] seen = new long[WORDS];
  private long highest;

  /** A window in which every number below {@code below} counts as seen. */
  static ReplayWindow startingAt(long below) {
    ReplayWindow window = new ReplayWindow();
    window.highest = below - 1;
    Arrays.fill(window.seen, -1L);
    // the bits above it in its word stand for numbers to come
    window.seen[word(window.highest)] = (bit(window.highest) << 1) - 1;
    return window;
  }

  /** The highest number seen; 0 before the first. */
  long highest() {
    return highest;
  }

  /** Whether {@code sequence} can still be new: costs nothing, decides nothing. */
  boolean mayBeNew(long sequence) {
    return sequence > highest || (inWindow(sequence) && !isSeen(sequence));
  }

  /**
   * Marks an authenticated packet as seen.
   *
   * @return false when it was seen before or is too old to tell
   */
  boolean accept(long sequence) {
    if (!mayBeNew(sequence)) {
      return false;
    }
    if (sequence > highest) {
      moveTo(sequence);
    }
    seen[word(sequence)] |= bit(sequence);
    return true;
  }

  private void moveTo(long sequence) {
    long newWords = Math.min(sequence / WORD_BITS - highest / WORD_BITS, WORDS);
    if (newWords == WORDS) {
      Arrays.fill(seen, 0);
    } else {
      for (long i = 1; i <= newWords; i++) {
        seen[(int) ((highest / WORD_BITS + i) % WORDS)] = 0;
      }
    }
    highest = sequence;
  }

  private boolean inWindow(long sequence) {
    return sequence > 0 && highest - sequence < WINDOW_PACKETS;
  }

  private boolean isSeen(long sequence) {
    return (seen[word(sequence)] & bit(sequence)) != 0;
  }

  private static int word(long sequence) {
    return (int) (sequence / WORD_BITS % WORDS);
  }

  private static long bit(long sequence) {
    return 1L << (sequence % WORD_BITS);
  }
}
