package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;

/**
 * The slots of secret keys. Each is a key object of 32 octets, also for a shorter key; its role is
 * written last, so a slot that a reset interrupted is empty.
 */
final class Secrets {
  /** Slots 0x00 to 0x0F: their keys stay until they are destroyed. */
  static final short PERSISTENT = 16;

  /** Slots 0x20 to 0x3F: their keys end when the applet is deselected or the card reset. */
  static final short SESSION = 32;

  static final short SESSION_BASE = 0x20;
  static final short KEY_OCTETS = 32;

  private static final short COUNT = PERSISTENT + SESSION;

  private final AESKey[] keys = new AESKey[COUNT];
  private final byte[] persistentRoles = new byte[PERSISTENT];
  private final byte[] persistentOctets = new byte[PERSISTENT];
  private final byte[] sessionRoles =
      JCSystem.makeTransientByteArray(SESSION, JCSystem.CLEAR_ON_DESELECT);
  private final byte[] sessionOctets =
      JCSystem.makeTransientByteArray(SESSION, JCSystem.CLEAR_ON_DESELECT);

  /** 1 for a session key that the host gave in plain. */
  private final byte[] hostKnows =
      JCSystem.makeTransientByteArray(SESSION, JCSystem.CLEAR_ON_DESELECT);

  private final Names names = new Names(PERSISTENT);
  private final Identities identities;
  private final byte[] work;
  private final AESKey key128 = transientKey(KeyBuilder.LENGTH_AES_128);
  private final AESKey key192 = transientKey(KeyBuilder.LENGTH_AES_192);

  /**
   * @param work transient memory of 32 octets or more, which is wiped after use
   */
  Secrets(byte[] work, Identities identities) {
    this.work = work;
    this.identities = identities;
    for (short i = 0; i < COUNT; i++) {
      keys[i] =
          i < PERSISTENT
              ? (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, KeyBuilder.LENGTH_AES_256, false)
              : transientKey(KeyBuilder.LENGTH_AES_256);
    }
  }

  private static AESKey transientKey(short bits) {
    return (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, bits, false);
  }

  static boolean isPersistent(byte slot) {
    return slot >= 0 && slot < PERSISTENT;
  }

  static boolean isSession(byte slot) {
    return slot >= SESSION_BASE && slot < (short) (SESSION_BASE + SESSION);
  }

  byte role(byte slot) {
    return isPersistent(slot)
        ? persistentRoles[slot]
        : sessionRoles[(short) (requireSession(slot) - SESSION_BASE)];
  }

  /** The key's slot must have this role. */
  void require(byte slot, byte role) {
    byte found = role(slot);
    if (found == Role.NONE) {
      ISOException.throwIt(Sw.NO_KEY);
    }
    if (found != role) {
      ISOException.throwIt(Sw.POLICY);
    }
  }

  /** The slot must be empty, and the name new; a session key has none here. */
  void requireFree(byte slot, byte[] name, short nameAt, short nameOctets) {
    if (role(slot) != Role.NONE) {
      ISOException.throwIt(Sw.EXISTS);
    }
    if (isSession(slot)) {
      if (nameOctets != 0) {
        ISOException.throwIt(Sw.WRONG_LENGTH);
      }
      return;
    }
    requireNewName(name, nameAt, nameOctets);
    identities.requireNewName(name, nameAt, nameOctets);
  }

  void requireNewName(byte[] name, short nameAt, short nameOctets) {
    if (nameOctets < 1 || nameOctets > Names.MAX_OCTETS) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    for (short i = 0; i < PERSISTENT; i++) {
      if (persistentRoles[i] != Role.NONE && names.is(i, name, nameAt, nameOctets)) {
        ISOException.throwIt(Sw.EXISTS);
      }
    }
  }

  /** Fills an empty slot, its role last. The octets stay the caller's, who wipes them. */
  void put(
      byte slot,
      byte role,
      byte[] key,
      short at,
      short octets,
      byte[] name,
      short nameAt,
      short nameOctets) {
    Util.arrayFillNonAtomic(work, (short) 0, KEY_OCTETS, (byte) 0);
    Util.arrayCopyNonAtomic(key, at, work, (short) 0, octets);
    keys[index(slot)].setKey(work, (short) 0);
    Util.arrayFillNonAtomic(work, (short) 0, KEY_OCTETS, (byte) 0);
    if (isPersistent(slot)) {
      names.set(slot, name, nameAt, nameOctets);
      persistentOctets[slot] = (byte) octets;
      persistentRoles[slot] = role;
    } else {
      hostKnows[(short) (slot - SESSION_BASE)] = 0;
      sessionOctets[(short) (slot - SESSION_BASE)] = (byte) octets;
      sessionRoles[(short) (slot - SESSION_BASE)] = role;
    }
  }

  /** Of a session key: nothing is given away by what it opens. */
  void markKnownToHost(byte slot) {
    if (isSession(slot)) {
      hostKnows[(short) (slot - SESSION_BASE)] = 1;
    }
  }

  boolean isKnownToHost(byte slot) {
    return isSession(slot) && hostKnows[(short) (slot - SESSION_BASE)] != 0;
  }

  /** The key as AES takes it; good until the next call. */
  AESKey aes(byte slot) {
    short octets = octets(slot);
    AESKey stored = keys[index(slot)];
    if (octets == KEY_OCTETS) {
      return stored;
    }
    AESKey fitting = octets == 16 ? key128 : key192;
    stored.getKey(work, (short) 0);
    fitting.setKey(work, (short) 0);
    Util.arrayFillNonAtomic(work, (short) 0, KEY_OCTETS, (byte) 0);
    return fitting;
  }

  /** Copies a key of 32 octets, for HMAC alone. */
  void copy(byte slot, byte[] to, short at) {
    keys[index(slot)].getKey(to, at);
  }

  void destroy(byte slot) {
    if (role(slot) == Role.NONE) {
      ISOException.throwIt(Sw.NO_KEY);
    }
    if (isPersistent(slot)) {
      persistentRoles[slot] = Role.NONE;
    } else {
      sessionRoles[(short) (slot - SESSION_BASE)] = Role.NONE;
    }
    keys[index(slot)].clearKey();
  }

  void destroyAll() {
    Util.arrayFillNonAtomic(persistentRoles, (short) 0, PERSISTENT, Role.NONE);
    Util.arrayFillNonAtomic(sessionRoles, (short) 0, SESSION, Role.NONE);
    for (short i = 0; i < COUNT; i++) {
      keys[i].clearKey();
    }
    forgetWorkingKeys();
  }

  /** What {@link #aes} left behind. */
  void forgetWorkingKeys() {
    key128.clearKey();
    key192.clearKey();
  }

  /** Writes the role of each slot, the persistent ones first. */
  short list(byte[] to, short at) {
    Util.arrayCopyNonAtomic(persistentRoles, (short) 0, to, at, PERSISTENT);
    Util.arrayCopyNonAtomic(sessionRoles, (short) 0, to, (short) (at + PERSISTENT), SESSION);
    return COUNT;
  }

  /** Writes role | octets | name of a persistent key. */
  short describe(byte slot, byte[] to, short at) {
    if (role(slot) == Role.NONE) {
      ISOException.throwIt(Sw.NO_KEY);
    }
    to[at] = role(slot);
    to[(short) (at + 1)] = (byte) octets(slot);
    short nameOctets = isPersistent(slot) ? names.copy(slot, to, (short) (at + 2)) : 0;
    return (short) (2 + nameOctets);
  }

  private short octets(byte slot) {
    return isPersistent(slot)
        ? persistentOctets[slot]
        : sessionOctets[(short) (slot - SESSION_BASE)];
  }

  private static short index(byte slot) {
    return isPersistent(slot) ? slot : (short) (PERSISTENT + slot - SESSION_BASE);
  }

  private static byte requireSession(byte slot) {
    if (!isSession(slot)) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
    return slot;
  }
}
