package org.keyfleet.applet;

import javacard.framework.Util;
import javacard.security.ECKey;

/** NIST P-256 (SEC 2 section 2.4.2): its parameters, and whether a point is on it. */
final class P256 {
  static final byte FIELD_OCTETS = 32;

  private static final byte[] P = {
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    0x00,
    0x00,
    0x00,
    0x01,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff
  };
  private static final byte[] A = {
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    0x00,
    0x00,
    0x00,
    0x01,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xfc
  };
  private static final byte[] B = {
    0x5a,
    (byte) 0xc6,
    0x35,
    (byte) 0xd8,
    (byte) 0xaa,
    0x3a,
    (byte) 0x93,
    (byte) 0xe7,
    (byte) 0xb3,
    (byte) 0xeb,
    (byte) 0xbd,
    0x55,
    0x76,
    (byte) 0x98,
    (byte) 0x86,
    (byte) 0xbc,
    0x65,
    0x1d,
    0x06,
    (byte) 0xb0,
    (byte) 0xcc,
    0x53,
    (byte) 0xb0,
    (byte) 0xf6,
    0x3b,
    (byte) 0xce,
    0x3c,
    0x3e,
    0x27,
    (byte) 0xd2,
    0x60,
    0x4b
  };
  private static final byte[] G = {
    0x04,
    0x6b,
    0x17,
    (byte) 0xd1,
    (byte) 0xf2,
    (byte) 0xe1,
    0x2c,
    0x42,
    0x47,
    (byte) 0xf8,
    (byte) 0xbc,
    (byte) 0xe6,
    (byte) 0xe5,
    0x63,
    (byte) 0xa4,
    0x40,
    (byte) 0xf2,
    0x77,
    0x03,
    0x7d,
    (byte) 0x81,
    0x2d,
    (byte) 0xeb,
    0x33,
    (byte) 0xa0,
    (byte) 0xf4,
    (byte) 0xa1,
    0x39,
    0x45,
    (byte) 0xd8,
    (byte) 0x98,
    (byte) 0xc2,
    (byte) 0x96,
    0x4f,
    (byte) 0xe3,
    0x42,
    (byte) 0xe2,
    (byte) 0xfe,
    0x1a,
    0x7f,
    (byte) 0x9b,
    (byte) 0x8e,
    (byte) 0xe7,
    (byte) 0xeb,
    0x4a,
    0x7c,
    0x0f,
    (byte) 0x9e,
    0x16,
    0x2b,
    (byte) 0xce,
    0x33,
    0x57,
    0x6b,
    0x31,
    0x5e,
    (byte) 0xce,
    (byte) 0xcb,
    (byte) 0xb6,
    0x40,
    0x68,
    0x37,
    (byte) 0xbf,
    0x51,
    (byte) 0xf5
  };
  private static final byte[] N = {
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    0x00,
    0x00,
    0x00,
    0x00,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xff,
    (byte) 0xbc,
    (byte) 0xe6,
    (byte) 0xfa,
    (byte) 0xad,
    (byte) 0xa7,
    0x17,
    (byte) 0x9e,
    (byte) 0x84,
    (byte) 0xf3,
    (byte) 0xb9,
    (byte) 0xca,
    (byte) 0xc2,
    (byte) 0xfc,
    0x63,
    0x25,
    0x51
  };

  private static final short COFACTOR = 1;
  private static final byte UNCOMPRESSED = 0x04;

  // where numbers lie in the working memory
  private static final short X = 0;
  private static final short Y = 32;
  private static final short T = 64;
  private static final short RESULT = 96;

  /** Octets of working memory that {@link #isOnCurve} takes. */
  static final short WORK_OCTETS = 128;

  private P256() {}

  static void setDomain(ECKey key) {
    key.setFieldFP(P, (short) 0, FIELD_OCTETS);
    key.setA(A, (short) 0, FIELD_OCTETS);
    key.setB(B, (short) 0, FIELD_OCTETS);
    key.setG(G, (short) 0, (short) G.length);
    key.setR(N, (short) 0, FIELD_OCTETS);
    key.setK(COFACTOR);
  }

  /**
   * Whether 65 octets are an uncompressed point of the curve: y^2 = (x^2 - 3) x + b. Not every card
   * checks it, and a point off the curve would show the private key bit by bit (RFC 6989 section
   * 2.3). The point is public, so time does not matter.
   */
  static boolean isOnCurve(byte[] point, short at, byte[] work) {
    if (point[at] != UNCOMPRESSED) {
      return false;
    }
    Util.arrayCopyNonAtomic(point, (short) (at + 1), work, X, (short) (2 * FIELD_OCTETS));
    if (!isLess(work, X) || !isLess(work, Y)) {
      return false;
    }
    multiply(work, X, X);
    add(work, RESULT, A, (short) 0);
    Util.arrayCopyNonAtomic(work, RESULT, work, T, FIELD_OCTETS);
    multiply(work, T, X);
    add(work, RESULT, B, (short) 0);
    Util.arrayCopyNonAtomic(work, RESULT, work, T, FIELD_OCTETS);
    multiply(work, Y, Y);
    return Util.arrayCompare(work, RESULT, work, T, FIELD_OCTETS) == 0;
  }

  /** RESULT = a b mod p, bit by bit. */
  private static void multiply(byte[] work, short a, short b) {
    Util.arrayFillNonAtomic(work, RESULT, FIELD_OCTETS, (byte) 0);
    for (short i = 0; i < FIELD_OCTETS; i++) {
      byte bits = work[(short) (a + i)];
      for (short bit = 0; bit < 8; bit++) {
        add(work, RESULT, work, RESULT);
        if (bits < 0) {
          add(work, RESULT, work, b);
        }
        bits = (byte) (bits << 1);
      }
    }
  }

  /** work[sum] = work[sum] + other[at] mod p, of numbers below p. */
  private static void add(byte[] work, short sum, byte[] other, short at) {
    short carry = 0;
    for (short i = (short) (FIELD_OCTETS - 1); i >= 0; i--) {
      carry +=
          (short)
              ((short) (work[(short) (sum + i)] & 0xFF) + (short) (other[(short) (at + i)] & 0xFF));
      work[(short) (sum + i)] = (byte) carry;
      carry = (short) ((carry >> 8) & 1);
    }
    if (carry != 0 || !isLess(work, sum)) {
      short borrow = 0;
      for (short i = (short) (FIELD_OCTETS - 1); i >= 0; i--) {
        short difference =
            (short) ((short) (work[(short) (sum + i)] & 0xFF) - (short) (P[i] & 0xFF) - borrow);
        work[(short) (sum + i)] = (byte) difference;
        borrow = (short) ((difference >> 8) & 1);
      }
    }
  }

  private static boolean isLess(byte[] number, short at) {
    return Util.arrayCompare(number, at, P, (short) 0, FIELD_OCTETS) < 0;
  }
}
