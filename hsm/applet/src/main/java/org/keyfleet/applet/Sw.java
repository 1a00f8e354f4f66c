package org.keyfleet.applet;

import javacard.framework.ISO7816;

/** Every status word that the applet answers with (ISO/IEC 7816-4 section 5.6). */
final class Sw {
  /** A wrong PIN or PUK; the last digit is the number of tries that are left. */
  static final short WRONG_PIN = (short) 0x63C0;

  /** The data has a length that the command does not take. */
  static final short WRONG_LENGTH = ISO7816.SW_WRONG_LENGTH;

  /** The PIN was not given since the applet was selected. */
  static final short PIN_NEEDED = ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED;

  /** No try is left for the PIN or PUK. */
  static final short PIN_LOCKED = (short) 0x6983;

  /** The role of a key, or the state of the card, forbids it. */
  static final short POLICY = ISO7816.SW_CONDITIONS_NOT_SATISFIED;

  /** A wrapped key, a point or a message of the issuer is damaged, or belongs to another key. */
  static final short BAD_DATA = ISO7816.SW_WRONG_DATA;

  /** A message of the issuer, or of the GCKS, is not newer than the last one. */
  static final short NOT_NEWER = (short) 0x6987;

  /** A rekey message is of a Rekey SA that the card is not at. */
  static final short OTHER_SA = (short) 0x6984;

  /** The wrapped key is in no rekey message that the card verified. */
  static final short NOT_ADMITTED = (short) 0x6986;

  /** The signature is not the GCKS's. */
  static final short BAD_SIGNATURE = (short) 0x6988;

  /** The GCKS's key is not the one that the card was given. */
  static final short OTHER_KEY = (short) 0x6989;

  /** There is no such slot, or the role does not exist. */
  static final short WRONG_P1P2 = ISO7816.SW_INCORRECT_P1P2;

  /** The slot is empty. */
  static final short NO_KEY = (short) 0x6A88;

  /** The slot is taken, or another one has the name. */
  static final short EXISTS = (short) 0x6A89;

  static final short WRONG_INS = ISO7816.SW_INS_NOT_SUPPORTED;

  static final short WRONG_CLA = ISO7816.SW_CLA_NOT_SUPPORTED;

  private Sw() {}
}
