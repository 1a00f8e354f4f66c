package org.keyfleet.agent.data;

import java.io.IOException;

/**
 * Numbers the packets that we send over one SA. Sequence number and IV counter are the same number,
 * and none is given out before its block is durable: after a crash the next block begins, so no IV
 * is used twice with one key.
 */
final class SendCounter {
  /** How many packets one write to the disk pays for, and how many numbers a crash costs. */
  static final int BLOCK_PACKETS = 1024;

  /** RFC 4303 section 2.2: a 32-bit sequence number must not cycle. */
  static final long LAST = 0xffff_ffffL;

  private final long spi;
  private final CounterReserve reserve;
  private long next;
  private long reserved;

  /**
   * @param firstFree the first number that was never reserved, at least 1
   */
  SendCounter(long spi, long firstFree, CounterReserve reserve) {
    this.spi = spi;
    this.reserve = reserve;
    this.next = Math.max(1, firstFree);
    this.reserved = next;
  }

  /** Leaves out what somebody else knows to be used. */
  void skipTo(long firstFree) {
    if (firstFree > reserved) {
      next = firstFree;
      reserved = firstFree;
    }
  }

  /** Whether every number is used up: the SA cannot send any more. */
  boolean exhausted() {
    return next > LAST;
  }

  /** The next number, 1 to 2^32-1; call {@link #exhausted} first. */
  long take() throws IOException {
    if (next == reserved) {
      long upTo = Math.min(next + BLOCK_PACKETS, LAST + 1);
      reserve.reserve(spi, upTo);
      reserved = upTo;
    }
    return next++;
  }

  /** The first number that a restart may use. */
  long firstFree() {
    return reserved;
  }
}
