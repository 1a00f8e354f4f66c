package org.keyfleet.applet;

import javacard.framework.Util;
import javacard.security.MessageDigest;

/**
 * HMAC-SHA-256 (RFC 2104) by SHA-256: many cards have no HMAC of their own. The message comes in
 * parts of any length.
 */
final class Hmac {
  static final short OCTETS = 32;

  private static final short BLOCK = 64;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5C;

  private final MessageDigest sha256 = MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false);
  private final byte[] work;
  private final Secrets secrets;

  /**
   * @param work transient memory of 96 octets or more
   */
  Hmac(byte[] work, Secrets secrets) {
    this.work = work;
    this.secrets = secrets;
  }

  void start(byte slot) {
    secrets.require(slot, Role.MAC);
    sha256.reset();
    updateKey(slot, INNER);
  }

  void update(byte[] message, short at, short octets) {
    sha256.update(message, at, octets);
  }

  /** Writes the 32 octets of the tag. */
  void finish(byte slot, byte[] to, short at) {
    sha256.doFinal(work, (short) 0, (short) 0, work, BLOCK);
    updateKey(slot, OUTER);
    sha256.doFinal(work, BLOCK, OCTETS, to, at);
    Util.arrayFillNonAtomic(work, BLOCK, OCTETS, (byte) 0);
  }

  /** Forgets a message that does not come to its end. */
  void abandon() {
    sha256.reset();
  }

  /** SHA-256 of what came by {@link #update} since {@link #abandon}. */
  void finishDigest(byte[] to, short at) {
    sha256.doFinal(work, (short) 0, (short) 0, to, at);
  }

  /** SHA-256 in one step, between messages. */
  void digest(byte[] from, short at, short octets, byte[] to, short toAt) {
    sha256.reset();
    sha256.doFinal(from, at, octets, to, toAt);
  }

  private void updateKey(byte slot, byte pad) {
    secrets.copy(slot, work, (short) 0);
    Util.arrayFillNonAtomic(
        work, Secrets.KEY_OCTETS, (short) (BLOCK - Secrets.KEY_OCTETS), (byte) 0);
    for (short i = 0; i < BLOCK; i++) {
      work[i] ^= pad;
    }
    sha256.update(work, (short) 0, BLOCK);
    Util.arrayFillNonAtomic(work, (short) 0, BLOCK, (byte) 0);
  }
}
