package org.keyfleet.applet;

import javacard.framework.JCSystem;
import javacard.framework.Util;

/** Unsigned numbers of 32 bits in working memory, for cards that have no {@code int}. */
final class Uint32s {
  private static final short BITS = 32;

  private final short[] high;
  private final short[] low;

  Uint32s(short count) {
    high = JCSystem.makeTransientShortArray(count, JCSystem.CLEAR_ON_DESELECT);
    low = JCSystem.makeTransientShortArray(count, JCSystem.CLEAR_ON_DESELECT);
  }

  void load(short n, byte[] from, short at) {
    high[n] = Util.getShort(from, at);
    low[n] = Util.getShort(from, (short) (at + 2));
  }

  /** Sets a number of 16 bits. */
  void set(short n, short value) {
    high[n] = 0;
    low[n] = value;
  }

  void copy(short from, short to) {
    high[to] = high[from];
    low[to] = low[from];
  }

  void add(short n, short other) {
    short sum = (short) (low[n] + low[other]);
    high[n] = (short) (high[n] + high[other]);
    if (below(sum, low[n])) {
      high[n]++;
    }
    low[n] = sum;
  }

  void subtract(short n, short other) {
    high[n] = (short) (high[n] - high[other]);
    if (below(low[n], low[other])) {
      high[n]--;
    }
    low[n] = (short) (low[n] - low[other]);
  }

  void shiftLeft(short n, short bits) {
    for (short i = 0; i < bits; i++) {
      high[n] = (short) (high[n] << 1);
      if (low[n] < 0) {
        high[n] |= 1;
      }
      low[n] = (short) (low[n] << 1);
    }
  }

  void shiftRight(short n, short bits) {
    for (short i = 0; i < bits; i++) {
      boolean carry = (short) (high[n] & 1) != 0;
      high[n] = (short) ((short) (high[n] >> 1) & 0x7FFF);
      low[n] = (short) ((short) (low[n] >> 1) & 0x7FFF);
      if (carry) {
        low[n] |= (short) 0x8000;
      }
    }
  }

  boolean less(short n, short other) {
    return high[n] == high[other] ? below(low[n], low[other]) : below(high[n], high[other]);
  }

  boolean bit(short n, short position) {
    short half = position < 16 ? low[n] : high[n];
    return (short) ((short) (half >> (short) (position & 15)) & 1) != 0;
  }

  /** The position of the highest bit that is set; -1 for zero. */
  short topBit(short n) {
    short position = (short) (BITS - 1);
    while (position >= 0 && !bit(n, position)) {
      position--;
    }
    return position;
  }

  /** Compares two numbers of 16 bits without sign. */
  static boolean below(short a, short b) {
    return (short) (a ^ (short) 0x8000) < (short) (b ^ (short) 0x8000);
  }
}
