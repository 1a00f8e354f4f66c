package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import javacard.security.KeyBuilder;

/**
 * Which Rekey SA the member is at, and what may be released there. Rekey SAs have random SPIs;
 * their order is that each is announced in a message signed under the one before. So the card keeps
 * the SA it is at (the base), the next one while the host has not confirmed it (pending), and of
 * each: the SPI, the lowest Message ID that is still new, the GCKS's public key, and the digest of
 * the one wrapped key that may be released.
 *
 * <p>Two banks take turns, and one octet says which is which, so that a reset leaves the state
 * before or the state after.
 */
final class Gate {
  /** Nothing is asked for a release. */
  static final byte OFF = 0;

  /** A release needs a signed message, or a registration that the host begins. */
  static final byte REKEYS = 1;

  /** The same, and only the issuer begins. */
  static final byte ISSUER = 2;

  static final short SPI_OCTETS = 16;
  static final short NUMBER_OCTETS = 4;
  static final short POINT_OCTETS = 65;

  /** Where in the header of a message its Message ID is (RFC 7296 section 3.1). */
  static final short MESSAGE_ID_AT = 20;

  // a record
  static final short SPI_AT = 0;
  static final short NEXT_AT = 16;
  static final short FROM_AT = 20;
  static final short TICKET_AT = 24;
  static final short RECORD_OCTETS = 56;

  // the state
  private static final byte BANK = 1;
  private static final byte HAS_KEY = 2;
  private static final byte HAS_BASE = 4;
  private static final byte HAS_PENDING = 8;

  private static final short MAX_STARTS = 32767;

  private final byte[] records = new byte[(short) (2 * RECORD_OCTETS)];
  private final ECPublicKey[] keys = new ECPublicKey[2];
  private byte mode;
  private byte state;
  private short starts;

  Gate() {
    for (short i = 0; i < 2; i++) {
      keys[i] =
          (ECPublicKey)
              KeyBuilder.buildKey(KeyBuilder.TYPE_EC_FP_PUBLIC, KeyBuilder.LENGTH_EC_FP_256, false);
    }
  }

  boolean demands() {
    return mode != OFF;
  }

  /** Whether only the issuer begins a membership. */
  boolean isIssuers() {
    return mode == ISSUER;
  }

  void setMode(byte newMode) {
    if (newMode < OFF || newMode > ISSUER) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
    mode = newMode;
  }

  /** What a host may do, and once: the demand is not lowered but by the issuer, or by WIPE. */
  void requireRaise(byte newMode) {
    if (newMode != REKEYS || mode != OFF) {
      ISOException.throwIt(Sw.POLICY);
    }
  }

  boolean hasKey() {
    return has(HAS_KEY);
  }

  /** Whether a point is the GCKS's key, or the one that a signed message is about to make it. */
  boolean knows(byte[] point, short at, byte[] work) {
    return isKey(base(), point, at, work)
        || (has(HAS_PENDING) && isKey(pending(), point, at, work));
  }

  /** Makes a point the key of the base; what was pending is of another key. */
  void pin(byte[] point, short at) {
    state &= (byte) ~(HAS_KEY | HAS_PENDING);
    setKey(base(), point, at);
    state |= HAS_KEY;
  }

  /**
   * The bank whose Rekey SA and Message IDs a message goes on with.
   *
   * @param header of the message, at {@code at}
   */
  byte find(byte[] header, short at) {
    boolean known = false;
    if (has(HAS_PENDING) && isOver(pending(), header, at)) {
      known = true;
      if (!isOld(header, at, pending(), NEXT_AT)) {
        return pending();
      }
    }
    if (has(HAS_BASE) && isOver(base(), header, at)) {
      known = true;
      // of two messages that lead away from the base, the later one counts
      boolean before = has(HAS_PENDING) && isOld(header, at, pending(), FROM_AT);
      if (!before && !isOld(header, at, base(), NEXT_AT)) {
        return base();
      }
    }
    ISOException.throwIt(known ? Sw.NOT_NEWER : Sw.OTHER_SA);
    return 0;
  }

  ECPublicKey key(byte bank) {
    return keys[bank];
  }

  /** Copies the record that a message leads away from. */
  void copyRecord(byte bank, byte[] to, short at) {
    Util.arrayCopyNonAtomic(records, offset(bank), to, at, RECORD_OCTETS);
  }

  /**
   * Takes a record as pending.
   *
   * @param from the bank that it leads away from, which is the base from now on
   * @param point of the key after it, uncompressed
   */
  void move(byte from, byte[] record, short at, byte[] point, short pointAt, byte[] work) {
    if (from != base()) {
      confirm();
    }
    short bank = offset(pending());
    if (has(HAS_PENDING)
        && Util.arrayCompare(records, bank, record, at, RECORD_OCTETS) == 0
        && isKey(pending(), point, pointAt, work)) {
      // once more, after a restart: no write
      return;
    }
    state &= (byte) ~HAS_PENDING;
    Util.arrayCopyNonAtomic(record, at, records, bank, RECORD_OCTETS);
    if (!isKey(pending(), point, pointAt, work)) {
      setKey(pending(), point, pointAt);
    }
    state |= HAS_PENDING;
  }

  /** A registration: a record that no message leads to. */
  void start(byte[] record, short at, byte[] point, short pointAt, byte[] work) {
    if (starts < MAX_STARTS) {
      starts++;
    }
    move(base(), record, at, point, pointAt, work);
  }

  /** The pending record becomes the base: the host has made durable what goes with it. */
  void confirm() {
    if (has(HAS_PENDING)) {
      state = (byte) (((state & BANK) ^ BANK) | HAS_KEY | HAS_BASE);
    }
  }

  /** Whether a wrapped key of this digest may be released. */
  boolean admits(byte[] digest, short at) {
    return (has(HAS_BASE) && isTicket(base(), digest, at))
        || (has(HAS_PENDING) && isTicket(pending(), digest, at));
  }

  void forget() {
    mode = OFF;
    state = 0;
    starts = 0;
    keys[0].clearKey();
    keys[1].clearKey();
    Util.arrayFillNonAtomic(records, (short) 0, (short) records.length, (byte) 0);
  }

  /** Writes mode | 1 has a key, 2 has an SA, 4 one is pending | starts (2) | SPI | next (4). */
  short describe(byte[] to, short at) {
    to[at] = mode;
    to[(short) (at + 1)] = (byte) ((byte) (state >> 1) & 7);
    Util.setShort(to, (short) (at + 2), starts);
    short octets = SPI_OCTETS + NUMBER_OCTETS;
    Util.arrayCopyNonAtomic(records, offset(base()), to, (short) (at + 4), octets);
    return (short) (4 + octets);
  }

  private boolean has(byte flag) {
    return (byte) (state & flag) != 0;
  }

  private byte base() {
    return (byte) (state & BANK);
  }

  private byte pending() {
    return (byte) ((byte) (state & BANK) ^ BANK);
  }

  private static short offset(byte bank) {
    return (short) (bank * RECORD_OCTETS);
  }

  private boolean isOver(byte bank, byte[] header, short at) {
    return Util.arrayCompare(records, offset(bank), header, at, SPI_OCTETS) == 0;
  }

  private boolean isOld(byte[] header, short at, byte bank, short field) {
    short id = (short) (at + MESSAGE_ID_AT);
    short least = (short) (offset(bank) + field);
    return Util.arrayCompare(header, id, records, least, NUMBER_OCTETS) < 0;
  }

  private boolean isTicket(byte bank, byte[] digest, short at) {
    short ticket = (short) (offset(bank) + TICKET_AT);
    return Util.arrayCompare(records, ticket, digest, at, Hmac.OCTETS) == 0;
  }

  private boolean isKey(byte bank, byte[] point, short at, byte[] work) {
    if (!keys[bank].isInitialized()) {
      return false;
    }
    keys[bank].getW(work, (short) 0);
    return Util.arrayCompare(work, (short) 0, point, at, POINT_OCTETS) == 0;
  }

  private void setKey(byte bank, byte[] point, short at) {
    P256.setDomain(keys[bank]);
    keys[bank].setW(point, at, POINT_OCTETS);
  }
}
