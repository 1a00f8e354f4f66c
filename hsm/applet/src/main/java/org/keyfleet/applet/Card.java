package org.keyfleet.applet;

import javacard.framework.APDU;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPrivateKey;
import javacard.security.RandomData;
import javacard.security.Signature;

/** What the commands do. */
final class Card {
  private static final byte VERSION = 1;
  private static final byte BLANK = 0;
  private static final byte READY = 1;
  private static final byte FLAG_SEALED = 0x02;
  private static final byte FLAG_ISSUER = 0x04;
  private static final short SERIAL_OCTETS = 8;
  private static final short CERTIFICATE_PART_OCTETS = 240;

  // operations of the issuer
  private static final byte ISSUER_INITIALIZE = 1;
  private static final byte ISSUER_PUT_KEY = 2;
  private static final byte ISSUER_SEAL = 3;
  private static final byte ISSUER_WIPE = 4;

  private final Chain chain;
  private final byte[] data;
  private final byte[] work =
      JCSystem.makeTransientByteArray(P256.WORK_OCTETS, JCSystem.CLEAR_ON_DESELECT);
  private final Pins pins = new Pins();
  private final Identities identities = new Identities();
  private final Secrets secrets = new Secrets(work, identities);
  private final KeyUnwrap aes = new KeyUnwrap(work);
  private final Hmac hmac = new Hmac(work, secrets);
  private final Agreement agreement = new Agreement(aes, hmac, work);
  private final Issuer issuer = new Issuer(aes);
  private final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
  private final RandomData random = RandomData.getInstance(RandomData.ALG_KEYGENERATION);
  private final byte[] serial = new byte[SERIAL_OCTETS];
  private byte state = BLANK;
  private boolean sealed;

  Card(Chain chain) {
    this.chain = chain;
    this.data = chain.data;
    random.nextBytes(serial, (short) 0, SERIAL_OCTETS);
  }

  void setIssuerKey(byte[] from, short at) {
    issuer.setKey(from, at);
  }

  void forgetPin() {
    pins.forget();
  }

  /** Ends what a command began, and wipes what it left. */
  void abandon() {
    chain.abandon();
    hmac.abandon();
    secrets.forgetWorkingKeys();
    Util.arrayFillNonAtomic(work, (short) 0, P256.WORK_OCTETS, (byte) 0);
  }

  /** Who may send a command depends on the state and the PIN, on nothing else. */
  void requireAllowed(byte ins) {
    switch (ins) {
      case Ins.INFO:
      case Ins.PERSONALIZE:
        return;
      case Ins.INITIALIZE:
        if (state != BLANK || issuer.isPresent()) {
          ISOException.throwIt(Sw.POLICY);
        }
        return;
      case Ins.VERIFY:
      case Ins.CHANGE_REFERENCE_DATA:
      case Ins.RESET_RETRY_COUNTER:
      case Ins.WIPE:
        if (state != READY) {
          ISOException.throwIt(Sw.POLICY);
        }
        return;
      default:
        pins.requirePin();
    }
  }

  /** The commands without data. */
  void answer(APDU apdu, byte ins, byte p1, byte p2) {
    byte[] buffer = apdu.getBuffer();
    switch (ins) {
      case Ins.INFO:
        apdu.setOutgoingAndSend((short) 0, info(buffer));
        return;
      case Ins.LIST:
        short listed = secrets.list(buffer, (short) 0);
        listed += identities.list(buffer, listed);
        apdu.setOutgoingAndSend((short) 0, listed);
        return;
      case Ins.DESCRIBE:
        apdu.setOutgoingAndSend(
            (short) 0,
            Identities.isIdentity(p1)
                ? identities.describe(p1, buffer, (short) 0)
                : secrets.describe(p1, buffer, (short) 0));
        return;
      case Ins.DESTROY:
        if (Identities.isIdentity(p1)) {
          identities.destroy(p1);
        } else {
          secrets.destroy(p1);
        }
        return;
      case Ins.PUBLIC_KEY:
        apdu.setOutgoingAndSend((short) 0, identities.publicKey(p1, buffer, (short) 0));
        return;
      default:
        apdu.setOutgoingAndSend((short) 0, certificatePart(p1, p2, buffer));
    }
  }

  /** The commands whose data came whole. */
  void execute(APDU apdu, byte ins, byte p1, byte p2) {
    short octets = chain.length();
    switch (ins) {
      case Ins.VERIFY:
        pins.verify(data, octets);
        return;
      case Ins.CHANGE_REFERENCE_DATA:
        pins.change(data, octets);
        return;
      case Ins.RESET_RETRY_COUNTER:
        pins.reset(data, octets);
        return;
      case Ins.INITIALIZE:
        initialize((short) 0, octets);
        return;
      case Ins.PERSONALIZE:
        personalize(octets);
        return;
      case Ins.WIPE:
        pins.verifyPuk(data, octets);
        wipe();
        return;
      case Ins.PUT_KEY:
        if (sealed && Secrets.isPersistent(p1)) {
          ISOException.throwIt(Sw.POLICY);
        }
        putKey(p1, p2, (short) 0, octets);
        return;
      case Ins.GENERATE_SECRET:
        generateSecret(p1, p2, octets);
        return;
      case Ins.UNWRAP:
        unwrap(p1, p2, octets);
        return;
      case Ins.RELEASE:
        secrets.require(p1, Role.RELEASER);
        send(apdu, (short) 8, aes.unwrap(secrets.aes(p1), data, (short) 0, octets));
        return;
      case Ins.DERIVE:
        derive(p1, p2, octets);
        return;
      case Ins.AGREE:
        agree(p1, octets);
        return;
      case Ins.TRY_AGREE:
        agreement.tryAgree(data, octets);
        send(apdu, (short) 0, Secrets.KEY_OCTETS);
        return;
      case Ins.GENERATE_IDENTITY:
        secrets.requireNewName(data, (short) 0, octets);
        identities.requireNewName(data, (short) 0, octets);
        identities.generate(p1, data, (short) 0, octets);
        send(apdu, (short) 0, identities.publicKey(p1, data, (short) 0));
        return;
      default:
        ISOException.throwIt(Sw.WRONG_INS);
    }
  }

  /** A part of a message: the first one begins, the last one ends. */
  void stream(APDU apdu, byte ins, byte p1, boolean first, boolean last) {
    short octets = chain.length();
    if (octets == 0) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    switch (ins) {
      case Ins.MAC:
        if (first) {
          hmac.start(p1);
        }
        hmac.update(data, (short) 0, octets);
        if (last) {
          hmac.finish(p1, data, (short) 0);
          send(apdu, (short) 0, Hmac.OCTETS);
        }
        return;
      case Ins.SIGN:
        sign(apdu, p1, first, last);
        return;
      default:
        if (first) {
          identities.startCertificate(p1);
        }
        identities.writeCertificate(data, (short) 0, octets);
        if (last) {
          identities.finishCertificate(p1);
        }
    }
  }

  private short info(byte[] to) {
    short flags = state;
    if (sealed) {
      flags |= FLAG_SEALED;
    }
    if (issuer.isPresent()) {
      flags |= FLAG_ISSUER;
    }
    to[0] = VERSION;
    to[1] = (byte) flags;
    to[2] = pins.pinTries();
    to[3] = pins.pukTries();
    to[4] = (byte) Secrets.PERSISTENT;
    to[5] = (byte) Secrets.SESSION;
    to[6] = (byte) Identities.COUNT;
    Util.setShort(to, (short) 7, KeyUnwrap.MAX_WRAPPED_OCTETS);
    Util.setShort(to, (short) 9, Identities.MAX_CERTIFICATE_OCTETS);
    short at = 11;
    Util.arrayCopyNonAtomic(serial, (short) 0, to, at, SERIAL_OCTETS);
    at += SERIAL_OCTETS;
    return (short) (at + issuer.copyNumber(to, at));
  }

  /** Data: length | PIN | PUK. */
  private void initialize(short at, short octets) {
    pins.set(data, at, octets);
    pins.unblock();
    state = READY;
  }

  private void wipe() {
    secrets.destroyAll();
    identities.destroyAll();
    pins.forget();
    sealed = false;
    state = BLANK;
  }

  /** Data: a message of the issuer. */
  private void personalize(short octets) {
    short rest = (short) (issuer.open(data, (short) 0, octets) - 1);
    short operation = (short) (8 + Issuer.NUMBER_OCTETS);
    short at = (short) (operation + 1);
    switch (data[operation]) {
      case ISSUER_INITIALIZE:
        if (state != BLANK) {
          ISOException.throwIt(Sw.POLICY);
        }
        initialize(at, rest);
        return;
      case ISSUER_PUT_KEY:
        if (rest < 2) {
          ISOException.throwIt(Sw.WRONG_LENGTH);
        }
        putKey(data[at], data[(short) (at + 1)], (short) (at + 2), (short) (rest - 2));
        return;
      case ISSUER_SEAL:
        sealed = true;
        return;
      case ISSUER_WIPE:
        wipe();
        return;
      default:
        ISOException.throwIt(Sw.BAD_DATA);
    }
  }

  /** Data: length | key | name, the last of persistent keys only. */
  private void putKey(byte slot, byte role, short at, short octets) {
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
  }

  /** Data: length | name. */
  private void generateSecret(byte slot, byte role, short octets) {
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
  private void unwrap(byte slot, byte role, short octets) {
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

  /** Data: parent | label. Only a persistent parent derives, and only session keys. */
  private void derive(byte slot, byte role, short octets) {
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
  private void agree(byte slot, short octets) {
    if (octets < 1) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    ECPrivateKey key = identities.privateKey(data[0]);
    requireFreeSession(slot);
    agreement.agree(key, data, (short) 1, (short) (octets - 1));
    putDerived(slot, Role.KEK_PARENT);
  }

  private void requireFreeSession(byte slot) {
    if (!Secrets.isSession(slot)) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
    secrets.requireFree(slot, data, (short) 0, (short) 0);
  }

  private void putDerived(byte slot, byte role) {
    secrets.put(slot, role, data, (short) 0, Secrets.KEY_OCTETS, data, (short) 0, (short) 0);
  }

  private void sign(APDU apdu, byte slot, boolean first, boolean last) {
    short octets = chain.length();
    if (first) {
      ecdsa.init(identities.privateKey(slot), Signature.MODE_SIGN);
    }
    if (last) {
      send(apdu, (short) 0, ecdsa.sign(data, (short) 0, octets, data, (short) 0));
    } else {
      ecdsa.update(data, (short) 0, octets);
    }
  }

  private short certificatePart(byte slot, byte part, byte[] to) {
    if (part < 0 || part > (byte) (Identities.MAX_CERTIFICATE_OCTETS / CERTIFICATE_PART_OCTETS)) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
    return identities.readCertificate(
        slot, (short) (part * CERTIFICATE_PART_OCTETS), CERTIFICATE_PART_OCTETS, to, (short) 0);
  }

  /** Sends from the chain's memory, which is wiped when the command ends. */
  private void send(APDU apdu, short at, short octets) {
    apdu.setOutgoing();
    apdu.setOutgoingLength(octets);
    apdu.sendBytesLong(data, at, octets);
  }

  private static void requireRole(byte role) {
    if (role != Role.KEK_PARENT && role != Role.RELEASER && role != Role.MAC) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
  }
}
