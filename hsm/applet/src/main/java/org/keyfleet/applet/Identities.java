package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPrivateKey;
import javacard.security.ECPublicKey;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;

/**
 * The slots of identity keys: one in use and one for its renewal. A key pair is made in the card
 * and never comes from outside. Certificates have one buffer more than there are identities, so
 * that an old one stays until the new one is whole.
 */
final class Identities {
  /** Slots 0x60 and 0x61. */
  static final short COUNT = 2;

  static final short BASE = 0x60;
  static final short POINT_OCTETS = 65;
  static final short MAX_CERTIFICATE_OCTETS = 2048;

  private static final short BUFFERS = COUNT + 1;

  private final KeyPair[] pairs = new KeyPair[COUNT];
  private final byte[] roles = new byte[COUNT];
  private final Names names = new Names(COUNT);

  /** Which buffer an identity's certificate is in. */
  private final byte[] bufferOf = new byte[COUNT];

  private final short[] certificateOctets = new short[BUFFERS];
  private final byte[] buffers = new byte[(short) (BUFFERS * MAX_CERTIFICATE_OCTETS)];
  private final short[] written =
      JCSystem.makeTransientShortArray((short) 1, JCSystem.CLEAR_ON_DESELECT);

  Identities() {
    for (short i = 0; i < COUNT; i++) {
      ECPublicKey publicKey =
          (ECPublicKey)
              KeyBuilder.buildKey(KeyBuilder.TYPE_EC_FP_PUBLIC, KeyBuilder.LENGTH_EC_FP_256, false);
      ECPrivateKey privateKey =
          (ECPrivateKey)
              KeyBuilder.buildKey(
                  KeyBuilder.TYPE_EC_FP_PRIVATE, KeyBuilder.LENGTH_EC_FP_256, false);
      pairs[i] = new KeyPair(publicKey, privateKey);
      bufferOf[i] = (byte) i;
    }
  }

  static boolean isIdentity(byte slot) {
    return slot >= BASE && slot < (short) (BASE + COUNT);
  }

  byte role(byte slot) {
    return roles[index(slot)];
  }

  void requireNewName(byte[] name, short nameAt, short nameOctets) {
    for (short i = 0; i < COUNT; i++) {
      if (roles[i] != Role.NONE && names.is(i, name, nameAt, nameOctets)) {
        ISOException.throwIt(Sw.EXISTS);
      }
    }
  }

  /** Makes a key pair; the role is written last. */
  void generate(byte slot, byte[] name, short nameAt, short nameOctets) {
    short i = index(slot);
    if (roles[i] != Role.NONE) {
      ISOException.throwIt(Sw.EXISTS);
    }
    P256.setDomain((ECPublicKey) pairs[i].getPublic());
    P256.setDomain((ECPrivateKey) pairs[i].getPrivate());
    pairs[i].genKeyPair();
    names.set(i, name, nameAt, nameOctets);
    certificateOctets[bufferOf[i]] = 0;
    roles[i] = Role.IDENTITY;
  }

  ECPrivateKey privateKey(byte slot) {
    return (ECPrivateKey) pairs[requireKey(slot)].getPrivate();
  }

  short publicKey(byte slot, byte[] to, short at) {
    return ((ECPublicKey) pairs[requireKey(slot)].getPublic()).getW(to, at);
  }

  void startCertificate(byte slot) {
    requireKey(slot);
    written[0] = 0;
  }

  /** Writes into the buffer that no identity uses. */
  void writeCertificate(byte[] from, short at, short octets) {
    if (octets > (short) (MAX_CERTIFICATE_OCTETS - written[0])) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    short start = (short) (spareBuffer() * MAX_CERTIFICATE_OCTETS);
    Util.arrayCopyNonAtomic(from, at, buffers, (short) (start + written[0]), octets);
    written[0] = (short) (written[0] + octets);
  }

  /** One octet moves the identity to the new certificate: a reset leaves the old one or the new. */
  void finishCertificate(byte slot) {
    if (written[0] == 0) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    byte spare = spareBuffer();
    certificateOctets[spare] = written[0];
    bufferOf[requireKey(slot)] = spare;
  }

  /** Copies at most {@code most} octets of a certificate, from {@code offset} on. */
  short readCertificate(byte slot, short offset, short most, byte[] to, short at) {
    byte buffer = bufferOf[requireKey(slot)];
    short left = (short) (certificateOctets[buffer] - offset);
    if (left <= 0) {
      return 0;
    }
    short octets = left < most ? left : most;
    short start = (short) (buffer * MAX_CERTIFICATE_OCTETS);
    Util.arrayCopyNonAtomic(buffers, (short) (start + offset), to, at, octets);
    return octets;
  }

  void destroy(byte slot) {
    short i = requireKey(slot);
    roles[i] = Role.NONE;
    forget(i);
  }

  void destroyAll() {
    Util.arrayFillNonAtomic(roles, (short) 0, COUNT, Role.NONE);
    for (short i = 0; i < COUNT; i++) {
      forget(i);
    }
  }

  short list(byte[] to, short at) {
    Util.arrayCopyNonAtomic(roles, (short) 0, to, at, COUNT);
    return COUNT;
  }

  /** Writes role | 32 | name. */
  short describe(byte slot, byte[] to, short at) {
    short i = requireKey(slot);
    to[at] = Role.IDENTITY;
    to[(short) (at + 1)] = P256.FIELD_OCTETS;
    return (short) (2 + names.copy(i, to, (short) (at + 2)));
  }

  private void forget(short i) {
    pairs[i].getPrivate().clearKey();
    pairs[i].getPublic().clearKey();
    certificateOctets[bufferOf[i]] = 0;
  }

  private byte spareBuffer() {
    byte spare = 0;
    while (spare == bufferOf[0] || spare == bufferOf[1]) {
      spare++;
    }
    return spare;
  }

  private short requireKey(byte slot) {
    short i = index(slot);
    if (roles[i] == Role.NONE) {
      ISOException.throwIt(Sw.NO_KEY);
    }
    return i;
  }

  private static short index(byte slot) {
    if (!isIdentity(slot)) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
    return (short) (slot - BASE);
  }
}
