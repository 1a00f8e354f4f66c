package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.OwnerPIN;

/** The user's PIN, and the PUK that sets it anew. */
final class Pins {
  static final byte PIN_TRIES = 5;
  static final byte PUK_TRIES = 10;
  static final byte MAX_OCTETS = 32;
  private static final byte MIN_PIN_OCTETS = 4;
  private static final byte MIN_PUK_OCTETS = 8;

  private final OwnerPIN pin = new OwnerPIN(PIN_TRIES, MAX_OCTETS);
  private final OwnerPIN puk = new OwnerPIN(PUK_TRIES, MAX_OCTETS);

  byte pinTries() {
    return pin.getTriesRemaining();
  }

  byte pukTries() {
    return puk.getTriesRemaining();
  }

  void forget() {
    pin.reset();
    puk.reset();
  }

  void requirePin() {
    if (!pin.isValidated()) {
      ISOException.throwIt(Sw.PIN_NEEDED);
    }
  }

  /** Takes length | PIN | PUK. */
  void set(byte[] data, short at, short octets) {
    short pinOctets = pinOctets(data, at, octets);
    short pukAt = (short) (at + 1 + pinOctets);
    short pukOctets = (short) (octets - 1 - pinOctets);
    requireLength(pukOctets, MIN_PUK_OCTETS);
    pin.update(data, (short) (at + 1), (byte) pinOctets);
    puk.update(data, pukAt, (byte) pukOctets);
  }

  void verify(byte[] data, short octets) {
    requireLength(octets, MIN_PIN_OCTETS);
    check(pin, data, (short) 0, octets);
  }

  /** Takes length | PIN | new PIN. */
  void change(byte[] data, short octets) {
    short oldOctets = pinOctets(data, (short) 0, octets);
    short newOctets = (short) (octets - 1 - oldOctets);
    requireLength(newOctets, MIN_PIN_OCTETS);
    check(pin, data, (short) 1, oldOctets);
    pin.update(data, (short) (1 + oldOctets), (byte) newOctets);
  }

  /** Takes length | PUK | new PIN; the new one is still to be verified. */
  void reset(byte[] data, short octets) {
    short pukOctets = firstOctets(data, (short) 0, octets);
    requireLength(pukOctets, MIN_PUK_OCTETS);
    short newOctets = (short) (octets - 1 - pukOctets);
    requireLength(newOctets, MIN_PIN_OCTETS);
    check(puk, data, (short) 1, pukOctets);
    puk.reset();
    pin.update(data, (short) (1 + pukOctets), (byte) newOctets);
    pin.resetAndUnblock();
  }

  void verifyPuk(byte[] data, short octets) {
    requireLength(octets, MIN_PUK_OCTETS);
    check(puk, data, (short) 0, octets);
    puk.reset();
  }

  /** New PINs are set next: their counters start anew. */
  void unblock() {
    pin.resetAndUnblock();
    puk.resetAndUnblock();
  }

  private static short pinOctets(byte[] data, short at, short octets) {
    short first = firstOctets(data, at, octets);
    requireLength(first, MIN_PIN_OCTETS);
    return first;
  }

  private static short firstOctets(byte[] data, short at, short octets) {
    if (octets < 1) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    return (short) (data[at] & 0xFF);
  }

  private static void requireLength(short octets, byte least) {
    if (octets < least || octets > MAX_OCTETS) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
  }

  private static void check(OwnerPIN secret, byte[] data, short at, short octets) {
    if (secret.getTriesRemaining() == 0) {
      ISOException.throwIt(Sw.PIN_LOCKED);
    }
    if (!secret.check(data, at, (byte) octets)) {
      byte left = secret.getTriesRemaining();
      ISOException.throwIt(left == 0 ? Sw.PIN_LOCKED : (short) (Sw.WRONG_PIN | left));
    }
  }
}
