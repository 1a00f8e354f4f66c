package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.CryptoException;
import javacard.security.Signature;

/**
 * Verifies a GSA_REKEY before anything of it is released: the octets that the GCKS signs (RFC 9838
 * section 2.4.1.1) stream in, are hashed and read at once, and move the {@link Gate} when the
 * signature is right.
 */
final class Admission {
  // the header of a message (RFC 7296 section 3.1), and of its Encrypted payload
  private static final short NEXT_PAYLOAD_AT = 16;
  private static final short VERSION_AT = 17;
  private static final short EXCHANGE_AT = 18;
  private static final short FIRST_PAYLOAD_AT = 28;
  private static final short HEADERS_OCTETS = 32;
  private static final byte ENCRYPTED = 46;
  private static final byte VERSION_2 = 0x20;
  private static final byte GSA_REKEY = 41;

  private static final short MIN_SIGNATURE_OCTETS = 8;
  private static final short MAX_SIGNATURE_OCTETS = 72;

  // octets
  private static final short SIGNATURE_AT = 0;
  private static final short MESSAGE_ID_AT = MAX_SIGNATURE_OCTETS;
  private static final short RECORD_AT = MESSAGE_ID_AT + Gate.NUMBER_OCTETS;
  private static final short POINT_AT = RECORD_AT + Gate.RECORD_OCTETS;
  private static final short OCTETS = POINT_AT + Gate.POINT_OCTETS;

  // numbers
  private static final short OPEN = 0;
  private static final short SIGNATURE_OCTETS = 1;
  private static final short BANK = 2;
  private static final short NUMBERS = 3;

  private final byte[] b = JCSystem.makeTransientByteArray(OCTETS, JCSystem.CLEAR_ON_DESELECT);
  private final short[] n = JCSystem.makeTransientShortArray(NUMBERS, JCSystem.CLEAR_ON_DESELECT);
  private final Gate gate;
  private final Signature ecdsa;
  private final RekeyParser parser;
  private final byte[] work;

  Admission(Gate gate, Signature ecdsa, Hmac hmac, byte[] work) {
    this.gate = gate;
    this.ecdsa = ecdsa;
    this.parser = new RekeyParser(hmac);
    this.work = work;
  }

  void abandon() {
    n[OPEN] = 0;
    parser.abandon();
    Util.arrayFillNonAtomic(b, (short) 0, OCTETS, (byte) 0);
  }

  /**
   * A part of wanted digest (32) | length | signature | message. The first one holds the message's
   * headers.
   */
  void part(byte[] data, short octets, boolean first, boolean last) {
    short at = first ? begin(data, octets) : 0;
    if (n[OPEN] == 0) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    parser.take(data, (short) (first ? at + HEADERS_OCTETS : 0), octets);
    short message = (short) (octets - at);
    if (!last) {
      ecdsa.update(data, at, message);
      return;
    }
    requireSignature(data, at, message);
    parser.requireEnd();
    if (parser.bringsSa() || parser.bringsKey()) {
      move();
    }
    abandon();
  }

  private void requireSignature(byte[] data, short at, short octets) {
    boolean right = false;
    try {
      right = ecdsa.verify(data, at, octets, b, SIGNATURE_AT, n[SIGNATURE_OCTETS]);
    } catch (CryptoException e) {
      // no signature at all
      right = false;
    }
    if (!right) {
      ISOException.throwIt(Sw.BAD_SIGNATURE);
    }
  }

  private short begin(byte[] data, short octets) {
    abandon();
    short signature = octets <= Hmac.OCTETS ? 0 : (short) (data[Hmac.OCTETS] & 0xFF);
    short at = (short) (Hmac.OCTETS + 1 + signature);
    if (signature < MIN_SIGNATURE_OCTETS
        || signature > MAX_SIGNATURE_OCTETS
        || octets <= (short) (at + HEADERS_OCTETS)) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    if (data[(short) (at + NEXT_PAYLOAD_AT)] != ENCRYPTED
        || data[(short) (at + VERSION_AT)] != VERSION_2
        || data[(short) (at + EXCHANGE_AT)] != GSA_REKEY) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    byte bank = gate.find(data, at);
    short signatureAt = (short) (Hmac.OCTETS + 1);
    short messageId = (short) (at + Gate.MESSAGE_ID_AT);
    Util.arrayCopyNonAtomic(data, signatureAt, b, SIGNATURE_AT, signature);
    Util.arrayCopyNonAtomic(data, messageId, b, MESSAGE_ID_AT, Gate.NUMBER_OCTETS);
    parser.start(data[(short) (at + FIRST_PAYLOAD_AT)], data, (short) 0);
    ecdsa.init(gate.key(bank), Signature.MODE_VERIFY);
    n[SIGNATURE_OCTETS] = signature;
    n[BANK] = bank;
    n[OPEN] = 1;
    return at;
  }

  private void move() {
    byte bank = (byte) n[BANK];
    gate.copyRecord(bank, b, RECORD_AT);
    short next = (short) (RECORD_AT + Gate.NEXT_AT);
    short from = (short) (RECORD_AT + Gate.FROM_AT);
    Util.arrayCopyNonAtomic(b, MESSAGE_ID_AT, b, from, Gate.NUMBER_OCTETS);
    if (parser.bringsSa()) {
      parser.copySpi(b, (short) (RECORD_AT + Gate.SPI_AT));
      parser.copyWanted(b, (short) (RECORD_AT + Gate.TICKET_AT));
      Util.arrayFillNonAtomic(b, next, Gate.NUMBER_OCTETS, (byte) 0);
    } else {
      Util.arrayCopyNonAtomic(b, MESSAGE_ID_AT, b, next, Gate.NUMBER_OCTETS);
      increment(b, next);
    }
    if (parser.bringsKey()) {
      parser.copyPoint(b, POINT_AT);
    } else {
      gate.key(bank).getW(b, POINT_AT);
    }
    gate.move(bank, b, RECORD_AT, b, POINT_AT, work);
  }

  /** Adds one to a number of 32 bits; the last one stays. */
  private static void increment(byte[] number, short at) {
    if (Util.getShort(number, at) == (short) -1
        && Util.getShort(number, (short) (at + 2)) == (short) -1) {
      return;
    }
    short i = (short) (at + Gate.NUMBER_OCTETS - 1);
    number[i]++;
    while (number[i] == 0) {
      i--;
      number[i]++;
    }
  }
}
