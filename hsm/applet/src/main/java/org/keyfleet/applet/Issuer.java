package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;

/**
 * The issuer's key, given when the applet is installed, and the messages under it. Each is wrapped
 * by RFC 5649, so it is secret and whole, and carries a number that must grow, so it works once.
 */
final class Issuer {
  static final short KEY_OCTETS = 32;
  static final short NUMBER_OCTETS = 4;

  private final AESKey key =
      (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, KeyBuilder.LENGTH_AES_256, false);
  private final byte[] number = new byte[NUMBER_OCTETS];
  private final KeyUnwrap aes;
  private boolean present;

  Issuer(KeyUnwrap aes) {
    this.aes = aes;
  }

  boolean isPresent() {
    return present;
  }

  void setKey(byte[] from, short at) {
    key.setKey(from, at);
    present = true;
  }

  /**
   * Opens a message in place: number | operation | the rest. The number counts before the operation
   * is done, so a reset in between costs the message and repeats nothing.
   *
   * @return the octets of operation and rest, which start 12 octets after {@code at}
   */
  short open(byte[] data, short at, short octets) {
    if (!present) {
      ISOException.throwIt(Sw.POLICY);
    }
    short opened = aes.unwrap(key, data, at, octets);
    if (opened <= NUMBER_OCTETS) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    short numberAt = (short) (at + 8);
    if (Util.arrayCompare(data, numberAt, number, (short) 0, NUMBER_OCTETS) <= 0) {
      ISOException.throwIt(Sw.NOT_NEWER);
    }
    Util.arrayCopy(data, numberAt, number, (short) 0, NUMBER_OCTETS);
    return (short) (opened - NUMBER_OCTETS);
  }

  short copyNumber(byte[] to, short at) {
    Util.arrayCopyNonAtomic(number, (short) 0, to, at, NUMBER_OCTETS);
    return NUMBER_OCTETS;
  }
}
