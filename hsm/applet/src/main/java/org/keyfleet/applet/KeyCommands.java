package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.ECPrivateKey;
import javacard.security.RandomData;

/** The commands that fill slots, and the one that lets octets out. Each works in place. */
final class KeyCommands {
  private static final short RANK_OCTETS = 4;

  private final byte[] data;
  private final byte[] work;
  private final Secrets secrets;
  private final Identities identities;
  private final KeyUnwrap aes;
  private final Hmac hmac;
  private final Agreement agreement;
  private final Gate gate;
  private final Labels labels;
  private final RandomData random;

  KeyCommands(Parts parts) {
    this.data = parts.data;
    this.work = parts.work;
    this.secrets = parts.secrets;
    this.identities = parts.identities;
    this.aes = parts.aes;
    this.hmac = parts.hmac;
    this.agreement = parts.agreement;
    this.gate = parts.gate;
    this.labels = parts.labels;
    this.random = parts.random;
  }

  /** Data: length | key | name, the last of persistent keys only. */
  void putKey(byte slot, byte role, short at, short octets) {
    if (octets < 1) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    short keyOctets = (short) (data[at] & 0xFF);
    short keyAt = (short) (at + 1);
    short nameAt = (short) (keyAt + keyOctets);
    short nameOctets = (short) (octets - 1 - keyOctets);
    requireRole(role);
    if (nameOctets < 0 || !Role.fits(role, keyOctets)) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    secrets.requireFree(slot, data, nameAt, nameOctets);
    secrets.put(slot, role, data, keyAt, keyOctets, data, nameAt, nameOctets);
    secrets.markKnownToHost(slot);
  }

  /** Data: length | name. */
  void generateSecret(byte slot, byte role, short octets) {
    short nameOctets = (short) (octets - 1);
    if (nameOctets < 0 || nameOctets != (short) (data[0] & 0xFF)) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    requireRole(role);
    secrets.requireFree(slot, data, (short) 1, nameOctets);
    short keyAt = (short) (Chain.CAPACITY - Secrets.KEY_OCTETS);
    random.nextBytes(data, keyAt, Secrets.KEY_OCTETS);
    secrets.put(slot, role, data, keyAt, Secrets.KEY_OCTETS, data, (short) 1, nameOctets);
  }

  /** Data: parent | length | name | wrapped key. */
  void unwrap(byte slot, byte role, short octets) {
    short nameOctets = octets < 2 ? (short) -1 : (short) (data[1] & 0xFF);
    short wrappedAt = (short) (2 + nameOctets);
    if (nameOctets < 0 || wrappedAt > octets) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    secrets.require(data[0], Role.KEK_PARENT);
    requireRole(role);
    secrets.requireFree(slot, data, (short) 2, nameOctets);
    short wrappedOctets = (short) (octets - wrappedAt);
    short keyOctets = aes.unwrap(secrets.aes(data[0]), data, wrappedAt, wrappedOctets);
    if (!Role.fits(role, keyOctets)) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    secrets.put(slot, role, data, (short) (wrappedAt + 8), keyOctets, data, (short) 2, nameOctets);
  }

  /**
   * Unwraps octets that leave the card; they start at 8. A card that demands signed rekeys lets out
   * what one of them held, and what was wrapped under a key that the host gave for a session.
   *
   * @return their number
   */
  short release(byte slot, short octets) {
    secrets.require(slot, Role.RELEASER);
    if (gate.demands() && !secrets.isKnownToHost(slot)) {
      hmac.digest(data, (short) 0, octets, work, (short) 0);
      if (!gate.admits(work, (short) 0)) {
        ISOException.throwIt(Sw.NOT_ADMITTED);
      }
    }
    return aes.unwrap(secrets.aes(slot), data, (short) 0, octets);
  }

  /** Data: parent | label. Only a persistent parent derives, and only session keys. */
  void derive(byte slot, byte role, short octets) {
    if (octets < 2) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    byte parent = data[0];
    secrets.require(parent, Role.KEK_PARENT);
    if (!Secrets.isPersistent(parent)) {
      ISOException.throwIt(Sw.POLICY);
    }
    requireRole(role);
    requireFreeSession(slot);
    hmac.digest(data, (short) 1, (short) (octets - 1), data, (short) 0);
    aes.derive(secrets.aes(parent), data, (short) 0);
    putDerived(slot, role);
  }

  /** Data: identity | point | label. */
  void agree(byte slot, short octets) {
    if (octets < 1) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    ECPrivateKey key = identities.privateKey(data[0]);
    requireFreeSession(slot);
    agreement.agree(key, data, (short) 1, (short) (octets - 1));
    putDerived(slot, Role.KEK_PARENT);
  }

  /** Data: rank of a subset. The key gets the role that the labels were given with. */
  void subsetKey(byte slot, byte role, short octets) {
    if (octets != RANK_OCTETS) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    labels.require(role);
    requireFreeSession(slot);
    labels.key(data, (short) 0);
    putDerived(slot, role);
  }

  private void requireFreeSession(byte slot) {
    if (!Secrets.isSession(slot)) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
    secrets.requireFree(slot, data, (short) 0, (short) 0);
  }

  private void putDerived(byte slot, byte role) {
    secrets.put(slot, role, data, (short) 0, Secrets.KEY_OCTETS, data, (short) 0, (short) 0);
    Util.arrayFillNonAtomic(data, (short) 0, Secrets.KEY_OCTETS, (byte) 0);
  }

  private static void requireRole(byte role) {
    if (role != Role.KEK_PARENT && role != Role.RELEASER && role != Role.MAC) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
  }
}
