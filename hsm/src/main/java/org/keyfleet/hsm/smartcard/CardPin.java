package org.keyfleet.hsm.smartcard;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;

/** The PIN of the applet: who may use its keys. */
final class CardPin {
  private static final int MIN_OCTETS = 4;
  private static final int MIN_PUK_OCTETS = 8;
  private static final int MAX_OCTETS = 32;

  private CardPin() {}

  /**
   * Gives the PIN.
   *
   * @param lastTry whether it is given also when the card locks after it if it is wrong
   */
  static void verify(CardSession session, CardInfo info, char[] pin, boolean lastTry)
      throws CustodyException {
    requireTry(info, lastTry);
    byte[] octets = octets(pin, MIN_OCTETS, "PIN");
    try {
      int statusWord = session.status(Ins.VERIFY, 0, 0, octets);
      if (statusWord != StatusWord.OK) {
        throw wrong(statusWord);
      }
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /** Puts another PIN in the place of this one. */
  static void change(
      CardSession session, CardInfo info, char[] oldPin, char[] newPin, boolean lastTry)
      throws CustodyException {
    requireTry(info, lastTry);
    byte[] newOctets = octets(newPin, MIN_OCTETS, "new PIN");
    byte[] oldOctets = new byte[0];
    byte[] data = new byte[0];
    try {
      oldOctets = octets(oldPin, MIN_OCTETS, "PIN");
      data = joined(oldOctets, newOctets);
      int statusWord = session.status(Ins.CHANGE_REFERENCE_DATA, 0, 0, data);
      if (statusWord != StatusWord.OK) {
        throw wrong(statusWord);
      }
    } finally {
      Arrays.fill(newOctets, (byte) 0);
      Arrays.fill(oldOctets, (byte) 0);
      Arrays.fill(data, (byte) 0);
    }
  }

  /** Puts a PIN in the place of one that was forgotten or is locked. */
  static void reset(CardSession session, char[] puk, char[] newPin) throws CustodyException {
    byte[] newOctets = octets(newPin, MIN_OCTETS, "new PIN");
    byte[] pukOctets = new byte[0];
    byte[] data = new byte[0];
    try {
      pukOctets = octets(puk, MIN_PUK_OCTETS, "PUK");
      data = joined(pukOctets, newOctets);
      int statusWord = session.status(Ins.RESET_RETRY_COUNTER, 0, 0, data);
      if (statusWord != StatusWord.OK) {
        throw wrongPuk(statusWord);
      }
    } finally {
      Arrays.fill(newOctets, (byte) 0);
      Arrays.fill(pukOctets, (byte) 0);
      Arrays.fill(data, (byte) 0);
    }
  }

  private static CustodyException wrongPuk(int statusWord) {
    CustodyFault fault = StatusWord.fault(statusWord);
    String text =
        switch (fault) {
          case PIN ->
              "the PUK of the card is wrong; tries left: " + StatusWord.triesLeft(statusWord);
          case PIN_LOCKED ->
              "no try is left for the PUK of the card: it has to be made anew by its issuer";
          default -> "the card does not take another PIN";
        };
    return new CustodyException(fault, statusWord, text, null);
  }

  /** Gives a blank card its PIN, and the PUK that sets the PIN anew. */
  static void initialize(CardSession session, char[] pin, char[] puk) throws CustodyException {
    session.sendSecret("take its PIN", Ins.INITIALIZE, 0, 0, both(pin, puk));
  }

  /** Length, PIN, PUK; the caller wipes it. */
  static byte[] both(char[] pin, char[] puk) throws CustodyException {
    byte[] pinOctets = octets(pin, MIN_OCTETS, "PIN");
    byte[] pukOctets = octets(puk, MIN_PUK_OCTETS, "PUK (the security officer's PIN)");
    byte[] data = joined(pinOctets, pukOctets);
    Arrays.fill(pinOctets, (byte) 0);
    Arrays.fill(pukOctets, (byte) 0);
    return data;
  }

  /** Refuses a try that cannot succeed, and one that may lock the card unless that is wanted. */
  private static void requireTry(CardInfo info, boolean lastTry) throws CustodyException {
    if (info.pinTries() == 0) {
      throw locked();
    }
    if (info.pinTries() == 1 && !lastTry) {
      throw new CustodyException(
          CustodyFault.PIN_LAST_TRY,
          "the card has one try left for its PIN, which is not spent without a person: set"
              + " pin-file right, and the PIN with the PUK (keyfleet-agent token unlock)");
    }
  }

  /** The first one's length, then both. */
  private static byte[] joined(byte[] first, byte[] second) {
    byte[] data = new byte[1 + first.length + second.length];
    data[0] = (byte) first.length;
    System.arraycopy(first, 0, data, 1, first.length);
    System.arraycopy(second, 0, data, 1 + first.length, second.length);
    return data;
  }

  private static CustodyException wrong(int statusWord) {
    CustodyFault fault = StatusWord.fault(statusWord);
    return switch (fault) {
      case PIN_LOCKED -> locked();
      case PIN ->
          new CustodyException(
              fault,
              statusWord,
              "the PIN of the card is wrong; tries left: " + StatusWord.triesLeft(statusWord),
              null);
      default -> new CustodyException(fault, statusWord, "the card does not take the PIN", null);
    };
  }

  private static CustodyException locked() {
    return new CustodyException(
        CustodyFault.PIN_LOCKED,
        "the PIN of the card is locked: reset it with the PUK (keyfleet-agent token unlock)");
  }

  private static byte[] octets(char[] pin, int least, String what) throws CustodyException {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(pin));
    try {
      int size = encoded.remaining();
      if (size < least || size > MAX_OCTETS) {
        throw new CustodyException(
            CustodyFault.PIN, "the card's " + what + " has " + least + " to 32 characters");
      }
      byte[] octets = new byte[size];
      encoded.get(octets);
      return octets;
    } finally {
      encoded.clear();
      encoded.put(new byte[encoded.remaining()]);
    }
  }
}
