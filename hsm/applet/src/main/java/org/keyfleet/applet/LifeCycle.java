package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;

/** What is done to the card as a whole: by whoever has the PUK, and by its issuer. */
final class LifeCycle {
  private static final byte VERSION = 2;
  private static final byte BLANK = 0;
  private static final byte READY = 1;
  private static final byte FLAG_SEALED = 0x02;
  private static final byte FLAG_ISSUER = 0x04;
  private static final byte FLAG_DEMANDS = 0x08;
  private static final short SERIAL_OCTETS = 8;

  // operations of the issuer
  private static final byte ISSUER_INITIALIZE = 1;
  private static final byte ISSUER_PUT_KEY = 2;
  private static final byte ISSUER_SEAL = 3;
  private static final byte ISSUER_WIPE = 4;
  private static final byte ISSUER_DEMAND = 5;
  private static final byte ISSUER_START = 6;
  private static final byte ISSUER_LABELS = 7;
  private static final byte ISSUER_MORE_LABELS = 8;

  private final Parts parts;
  private final byte[] data;
  private final KeyCommands keys;
  private final GateCommands gateCommands;
  private final Issuer issuer;
  private final byte[] serial = new byte[SERIAL_OCTETS];
  private byte state = BLANK;
  private boolean sealed;

  LifeCycle(Parts parts, KeyCommands keys) {
    this.parts = parts;
    this.data = parts.data;
    this.keys = keys;
    this.gateCommands = new GateCommands(parts.gate, parts.work);
    this.issuer = new Issuer(parts.aes);
    parts.random.nextBytes(serial, (short) 0, SERIAL_OCTETS);
  }

  void setIssuerKey(byte[] from, short at) {
    issuer.setKey(from, at);
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
        parts.pins.requirePin();
    }
  }

  short info(byte[] to) {
    short flags = state;
    if (sealed) {
      flags |= FLAG_SEALED;
    }
    if (issuer.isPresent()) {
      flags |= FLAG_ISSUER;
    }
    if (parts.gate.demands()) {
      flags |= FLAG_DEMANDS;
    }
    to[0] = VERSION;
    to[1] = (byte) flags;
    to[2] = parts.pins.pinTries();
    to[3] = parts.pins.pukTries();
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
  void initialize(short at, short octets) {
    parts.pins.set(data, at, octets);
    parts.pins.unblock();
    state = READY;
  }

  /** Data: the PUK. */
  void wipeByPuk(short octets) {
    parts.pins.verifyPuk(data, octets);
    wipe();
  }

  private void wipe() {
    parts.secrets.destroyAll();
    parts.identities.destroyAll();
    parts.labels.forget();
    parts.gate.forget();
    parts.pins.forget();
    sealed = false;
    state = BLANK;
  }

  /** Data: length | key | name. */
  void putKey(byte slot, byte role, short octets) {
    if (sealed && Secrets.isPersistent(slot)) {
      ISOException.throwIt(Sw.POLICY);
    }
    keys.putKey(slot, role, (short) 0, octets);
  }

  /** Data: what comes before all labels, or some of them. */
  void putLabels(boolean begins, short octets) {
    if (sealed) {
      ISOException.throwIt(Sw.POLICY);
    }
    putLabels(begins, (short) 0, octets);
  }

  private void putLabels(boolean begins, short at, short octets) {
    if (begins) {
      parts.labels.begin(data, at, octets);
    } else {
      parts.labels.append(data, at, octets);
    }
  }

  /** Data: the GCKS's key, or nothing. */
  void demand(byte mode, short octets) {
    if (issuer.isPresent()) {
      ISOException.throwIt(Sw.POLICY);
    }
    gateCommands.demand(mode, data, (short) 0, octets, false);
  }

  /** Data: what a registration brought. */
  void start(short octets) {
    gateCommands.start(data, (short) 0, octets, false);
  }

  /** Data: a message of the issuer. */
  void personalize(short octets) {
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
        requireOctets(rest, (short) 2);
        keys.putKey(data[at], data[(short) (at + 1)], (short) (at + 2), (short) (rest - 2));
        return;
      case ISSUER_SEAL:
        sealed = true;
        return;
      case ISSUER_WIPE:
        wipe();
        return;
      case ISSUER_DEMAND:
        requireOctets(rest, (short) 1);
        gateCommands.demand(data[at], data, (short) (at + 1), (short) (rest - 1), true);
        return;
      case ISSUER_START:
        gateCommands.start(data, at, rest, true);
        return;
      case ISSUER_LABELS:
      case ISSUER_MORE_LABELS:
        putLabels(data[operation] == ISSUER_LABELS, at, rest);
        return;
      default:
        ISOException.throwIt(Sw.BAD_DATA);
    }
  }

  private static void requireOctets(short octets, short least) {
    if (octets < least) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
  }
}
