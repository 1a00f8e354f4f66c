package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacardx.crypto.Cipher;

/** AES key wrap with padding (RFC 5649), backwards and in place, by AES in ECB mode. */
final class KeyUnwrap {
  static final short MIN_WRAPPED_OCTETS = 16;

  /** 256 octets, the most that G-IKEv2 wraps (RFC 9838 section 4.4.2.1.2). */
  static final short MAX_WRAPPED_OCTETS = 264;

  private static final short SEMIBLOCK = 8;
  private static final short BLOCK = 16;

  private final Cipher ecb = Cipher.getInstance(Cipher.ALG_AES_BLOCK_128_ECB_NOPAD, false);
  private final byte[] work;

  /**
   * @param work transient memory of 16 octets or more
   */
  KeyUnwrap(byte[] work) {
    this.work = work;
  }

  /**
   * Unwraps in place; the key starts 8 octets after {@code at}.
   *
   * @return its length; one status word for everything that is wrong with it
   */
  short unwrap(AESKey kek, byte[] data, short at, short octets) {
    if (octets < MIN_WRAPPED_OCTETS
        || octets > MAX_WRAPPED_OCTETS
        || (short) (octets & (SEMIBLOCK - 1)) != 0) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    ecb.init(kek, Cipher.MODE_DECRYPT);
    if (octets == BLOCK) {
      ecb.doFinal(data, at, BLOCK, data, at);
    } else {
      unwrapBlocks(data, at, (short) ((short) (octets >> 3) - 1));
    }
    short bad = flaws(data, at, (short) (octets - SEMIBLOCK));
    short length = Util.getShort(data, (short) (at + 6));
    if (bad != 0) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    return length;
  }

  /** Derives in place: AES-ECB over the two blocks at {@code at}. */
  void derive(AESKey parent, byte[] data, short at) {
    ecb.init(parent, Cipher.MODE_ENCRYPT);
    ecb.doFinal(data, at, (short) (2 * BLOCK), data, at);
  }

  /** RFC 3394 section 2.2.2; the result takes the place of the input, the first semiblock is A. */
  private void unwrapBlocks(byte[] data, short at, short n) {
    short t = (short) (6 * n);
    Util.arrayCopyNonAtomic(data, at, work, (short) 0, SEMIBLOCK);
    for (short j = 5; j >= 0; j--) {
      for (short i = n; i >= 1; i--) {
        short r = (short) (at + (short) (i << 3));
        work[7] ^= (byte) t;
        work[6] ^= (byte) (t >> 8);
        t--;
        Util.arrayCopyNonAtomic(data, r, work, SEMIBLOCK, SEMIBLOCK);
        ecb.doFinal(work, (short) 0, BLOCK, work, (short) 0);
        Util.arrayCopyNonAtomic(work, SEMIBLOCK, data, r, SEMIBLOCK);
      }
    }
    Util.arrayCopyNonAtomic(work, (short) 0, data, at, SEMIBLOCK);
    Util.arrayFillNonAtomic(work, (short) 0, BLOCK, (byte) 0);
  }

  /**
   * The three checks of RFC 5649 section 3, all of them always: A65959A6, a length that fits, zeros
   * as padding. Nothing in the time tells which one failed.
   */
  private static short flaws(byte[] data, short at, short full) {
    short bad = (short) (data[at] ^ (byte) 0xA6);
    bad |= (short) (data[(short) (at + 1)] ^ 0x59);
    bad |= (short) (data[(short) (at + 2)] ^ 0x59);
    bad |= (short) (data[(short) (at + 3)] ^ (byte) 0xA6);
    bad |= data[(short) (at + 4)];
    bad |= data[(short) (at + 5)];
    short length = Util.getShort(data, (short) (at + 6));
    short padding = (short) (full - length);
    // 0 to 7, else a bit above the lowest three is set
    bad |= (short) (padding & (short) 0xFFF8);
    for (short i = 1; i < SEMIBLOCK; i++) {
      // all ones if the octet that is i before the end is padding: i <= padding
      short isPadding = (short) ((short) (i - padding - 1) >> 15);
      bad |= (short) (isPadding & data[(short) (at + SEMIBLOCK + full - i)]);
    }
    return bad;
  }
}
