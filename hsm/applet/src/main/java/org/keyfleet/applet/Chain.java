package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;

/**
 * The data of a command, gathered over command chaining (ISO/IEC 7816-4 section 5.3.3): class bit
 * 0x10 says that more follows. Any other command ends a chain that is not complete.
 */
final class Chain {
  /** A wrapped key of 256 octets has 264; an unwrap with a name needs fewer. */
  static final short CAPACITY = 288;

  private static final short ACTIVE = 0;
  private static final short CLA = 1;
  private static final short INS = 2;
  private static final short P1 = 3;
  private static final short P2 = 4;
  private static final short HEADER_OCTETS = 5;

  final byte[] data = JCSystem.makeTransientByteArray(CAPACITY, JCSystem.CLEAR_ON_DESELECT);
  private final byte[] header =
      JCSystem.makeTransientByteArray(HEADER_OCTETS, JCSystem.CLEAR_ON_DESELECT);
  private final short[] length =
      JCSystem.makeTransientShortArray((short) 1, JCSystem.CLEAR_ON_DESELECT);

  short length() {
    return length[0];
  }

  /** Whether a command of this header would go on with the chain. */
  boolean goesOn(byte cla, byte ins, byte p1, byte p2) {
    return header[ACTIVE] != 0
        && header[CLA] == cla
        && header[INS] == ins
        && header[P1] == p1
        && header[P2] == p2;
  }

  void start(byte cla, byte ins, byte p1, byte p2) {
    abandon();
    header[CLA] = cla;
    header[INS] = ins;
    header[P1] = p1;
    header[P2] = p2;
    header[ACTIVE] = 1;
  }

  void append(byte[] from, short at, short octets) {
    if (octets > (short) (CAPACITY - length[0])) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    Util.arrayCopyNonAtomic(from, at, data, length[0], octets);
    length[0] = (short) (length[0] + octets);
  }

  /** Forgets the data of an earlier part, for a command that has used it. */
  void drain() {
    Util.arrayFillNonAtomic(data, (short) 0, CAPACITY, (byte) 0);
    length[0] = 0;
  }

  void abandon() {
    drain();
    Util.arrayFillNonAtomic(header, (short) 0, HEADER_OCTETS, (byte) 0);
  }
}
