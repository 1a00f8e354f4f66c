package org.keyfleet.applet;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.Util;

/**
 * Takes commands apart, and sees that each is allowed now: its class, its chaining, the state of
 * the card, the PIN. What it does is done by {@link Card}.
 */
public final class KeyfleetApplet extends Applet {
  private static final byte CLA_ISO = 0x00;
  private static final byte CLA_OURS = (byte) 0x80;
  private static final byte CLA_MORE = 0x10;

  private final Card card;
  private final Chain chain;

  private KeyfleetApplet(byte[] parameters, short at, short octets) {
    chain = new Chain();
    card = new Card(chain);
    if (octets == Issuer.KEY_OCTETS) {
      card.setIssuerKey(parameters, at);
    } else if (octets != 0) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
  }

  /**
   * Called by the card's runtime. The parameters are the applet's AID, control information and
   * application data, each after its length; the application data is the issuer's key or nothing.
   */
  public static void install(byte[] parameters, short at, byte octets) {
    short control = (short) (at + 1 + (parameters[at] & 0xFF));
    short data = (short) (control + 1 + (parameters[control] & 0xFF));
    KeyfleetApplet applet =
        new KeyfleetApplet(parameters, (short) (data + 1), (short) (parameters[data] & 0xFF));
    if (parameters[at] == 0) {
      applet.register();
    } else {
      applet.register(parameters, (short) (at + 1), parameters[at]);
    }
  }

  @Override
  public boolean select() {
    card.forgetPin();
    return true;
  }

  @Override
  public void deselect() {
    card.forgetPin();
    chain.abandon();
  }

  @Override
  public void process(APDU apdu) {
    if (selectingApplet()) {
      chain.abandon();
      return;
    }
    boolean wholeOrMore = false;
    try {
      wholeOrMore = dispatch(apdu);
    } finally {
      if (!wholeOrMore) {
        card.abandon();
      }
    }
  }

  /** Whether a chain stands open after this command. */
  private boolean dispatch(APDU apdu) {
    byte[] buffer = apdu.getBuffer();
    byte cla = (byte) (buffer[ISO7816.OFFSET_CLA] & ~CLA_MORE);
    boolean more = (buffer[ISO7816.OFFSET_CLA] & CLA_MORE) != 0;
    byte ins = buffer[ISO7816.OFFSET_INS];
    byte p1 = buffer[ISO7816.OFFSET_P1];
    byte p2 = buffer[ISO7816.OFFSET_P2];
    requireKnown(cla, ins);
    card.requireAllowed(ins);
    if (!takesData(ins)) {
      if (more) {
        ISOException.throwIt(Sw.WRONG_CLA);
      }
      chain.abandon();
      card.answer(apdu, ins, p1, p2);
      return false;
    }
    boolean first = !chain.goesOn(cla, ins, p1, p2);
    if (first) {
      card.abandon();
      chain.start(cla, ins, p1, p2);
    }
    receive(apdu, buffer);
    if (streams(ins)) {
      card.stream(apdu, ins, p1, first, !more);
      chain.drain();
    } else if (!more) {
      card.execute(apdu, ins, p1, p2);
    }
    return more;
  }

  /** The data comes in as many parts as the card's buffer makes of it. */
  private void receive(APDU apdu, byte[] buffer) {
    short received = apdu.setIncomingAndReceive();
    while (received > 0) {
      chain.append(buffer, ISO7816.OFFSET_CDATA, received);
      received = apdu.receiveBytes(ISO7816.OFFSET_CDATA);
    }
    Util.arrayFillNonAtomic(
        buffer, ISO7816.OFFSET_CDATA, (short) (buffer.length - ISO7816.OFFSET_CDATA), (byte) 0);
  }

  private static void requireKnown(byte cla, byte ins) {
    boolean iso;
    switch (ins) {
      case Ins.VERIFY:
      case Ins.CHANGE_REFERENCE_DATA:
      case Ins.RESET_RETRY_COUNTER:
        iso = true;
        break;
      default:
        iso = false;
    }
    if (cla != CLA_ISO && cla != CLA_OURS) {
      ISOException.throwIt(Sw.WRONG_CLA);
    }
    if (iso != (cla == CLA_ISO)) {
      ISOException.throwIt(Sw.WRONG_INS);
    }
  }

  private static boolean takesData(byte ins) {
    switch (ins) {
      case Ins.INFO:
      case Ins.PUBLIC_KEY:
      case Ins.READ_CERTIFICATE:
      case Ins.DESCRIBE:
      case Ins.LIST:
      case Ins.DESTROY:
      case Ins.GATE:
      case Ins.CONFIRM:
      case Ins.DESCRIBE_LABELS:
        return false;
      default:
        return true;
    }
  }

  /** These take messages longer than the card's memory: each part is used as it comes. */
  private static boolean streams(byte ins) {
    return ins == Ins.MAC || ins == Ins.SIGN || ins == Ins.WRITE_CERTIFICATE || ins == Ins.ADMIT;
  }
}
