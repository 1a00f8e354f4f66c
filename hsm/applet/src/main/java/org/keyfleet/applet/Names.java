package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;

/**
 * The names of persistent keys, as many octets as the host gives; the card only compares them.
 * Those of session keys stay with the host that made them: they would fill the card's working
 * memory.
 */
final class Names {
  /** A label of 64 and an id of 32 octets, each after its length. */
  static final short MAX_OCTETS = 98;

  private static final short ENTRY_OCTETS = 1 + MAX_OCTETS;

  private final byte[] entries;

  Names(short count) {
    entries = new byte[(short) (count * ENTRY_OCTETS)];
  }

  void set(short index, byte[] from, short at, short octets) {
    if (octets < 1 || octets > MAX_OCTETS) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    short entry = (short) (index * ENTRY_OCTETS);
    Util.arrayCopyNonAtomic(from, at, entries, (short) (entry + 1), octets);
    entries[entry] = (byte) octets;
  }

  boolean is(short index, byte[] other, short at, short octets) {
    short entry = (short) (index * ENTRY_OCTETS);
    return entries[entry] == (byte) octets
        && Util.arrayCompare(entries, (short) (entry + 1), other, at, octets) == 0;
  }

  /** Copies a name and returns its length. */
  short copy(short index, byte[] to, short at) {
    short entry = (short) (index * ENTRY_OCTETS);
    Util.arrayCopyNonAtomic(entries, (short) (entry + 1), to, at, entries[entry]);
    return entries[entry];
  }
}
