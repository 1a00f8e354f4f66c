package org.keyfleet.agent.data;

import java.io.IOException;

/**
 * Numbers the packets that we send over one SA. Sequence number and IV counter are the same number,
 * and none is given out before its block is durable: after a crash the next block begins, so no IV
 * is used twice with one key. A block is reserved long before the one before is used up, because
 * the token that authenticates the journal may be away when it is.
 */
final class SendCounter {
  /** How many packets one write to the disk pays for, and how many numbers a crash costs. */
  static final int BLOCK_PACKETS = 65_536;

  /** What is left at least when the token goes, if it was there a moment before. */
  static final int LEFT_PACKETS = BLOCK_PACKETS / 2;

  /** Between two tries to reserve ahead. */
  private static final int PAUSE_PACKETS = 1024;

  /** RFC 4303 section 2.2: a 32-bit sequence number must not cycle. */
  static final long LAST = 0xffff_ffffL;

  private final long spi;
  private final CounterReserve reserve;
  private long next;
  private long reserved;
  private long aheadFrom;

  /**
   * @param firstFree the first number that was never reserved, at least 1
   */
  SendCounter(long spi, long firstFree, CounterReserve reserve) {
    this.spi = spi;
    this.reserve = reserve;
    this.next = Math.max(1, firstFree);
    this.reserved = next;
    this.aheadFrom = next;
  }

  /** Reserves numbers that are not needed yet, unless there are enough. */
  void reserveAhead() {
    if (next < aheadFrom || reserved > LAST) {
      return;
    }
    try {
      reserve();
    } catch (IOException e) {
      aheadFrom = next + PAUSE_PACKETS; // what is reserved goes on
    }
  }

  /** Leaves out what somebody else knows to be used. */
  void skipTo(long firstFree) {
    if (firstFree > reserved) {
      next = firstFree;
      reserved = firstFree;
      aheadFrom = firstFree;
    }
  }

  /** Whether every number is used up: the SA cannot send any more. */
  boolean exhausted() {
    return next > LAST;
  }

  /** The next number, 1 to 2^32-1; call {@link #exhausted} first. */
  long take() throws IOException {
    if (next == reserved) {
      reserve();
    } else {
      reserveAhead();
    }
    return next++;
  }

  private void reserve() throws IOException {
    long upTo = Math.min(next + BLOCK_PACKETS, LAST + 1);
    reserve.reserve(spi, upTo);
    reserved = upTo;
    aheadFrom = next + LEFT_PACKETS;
  }

  /** The first number that a restart may use. */
  long firstFree() {
    return reserved;
  }
}
