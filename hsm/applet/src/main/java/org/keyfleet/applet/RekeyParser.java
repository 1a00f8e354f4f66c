package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;

/**
 * Reads the inner payloads of a GSA_REKEY (RFC 9838) as they stream by, and keeps what decides on
 * releases: the SPI of the Rekey SA that it brings, whether the SA_KEY that the host wants is one
 * of its keys, and a new AUTH_KEY. What it keeps means nothing before the signature is verified.
 */
final class RekeyParser {
  static final short SPI_OCTETS = 16;
  static final short POINT_OCTETS = 65;

  // RFC 7296 section 3.2, RFC 9838 sections 4.5.2 and 4.5.3
  private static final byte NO_NEXT_PAYLOAD = 0;
  private static final byte KEY_DOWNLOAD = 52;
  private static final byte MEMBER_BAG = 0;
  private static final byte GIKE_UPDATE = 6;
  private static final short SA_KEY = 1;
  private static final short AUTH_KEY = 2;

  /** Of Payload, key bag and attribute alike. */
  private static final short HEADER_OCTETS = 4;

  private static final short KEY_IDS_OCTETS = 8;

  /** SubjectPublicKeyInfo of a point of P-256, up to the point (RFC 5480 section 2). */
  private static final byte[] SPKI_P256 = {
    0x30,
    0x59,
    0x30,
    0x13,
    0x06,
    0x07,
    0x2A,
    (byte) 0x86,
    0x48,
    (byte) 0xCE,
    0x3D,
    0x02,
    0x01,
    0x06,
    0x08,
    0x2A,
    (byte) 0x86,
    0x48,
    (byte) 0xCE,
    0x3D,
    0x03,
    0x01,
    0x07,
    0x03,
    0x42,
    0x00
  };

  private static final short SPKI_OCTETS = 26 + POINT_OCTETS;

  // what is read now
  private static final short END = 0;
  private static final short PAYLOAD = 1;
  private static final short SKIPPED_PAYLOAD = 2;
  private static final short BAG = 3;
  private static final short SKIPPED_BAG = 4;
  private static final short SPI = 5;
  private static final short ATTRIBUTE = 6;
  private static final short SKIPPED_VALUE = 7;
  private static final short KEY_IDS = 8;
  private static final short WRAPPED = 9;
  private static final short PUBLIC_KEY = 10;

  // numbers; lengths have no sign
  private static final short STATE = 0;
  private static final short NEED = 1;
  private static final short PAYLOAD_LEFT = 2;
  private static final short BAG_LEFT = 3;
  private static final short NEXT_PAYLOAD = 4;
  private static final short BAG_PROTOCOL = 5;
  private static final short NUMBERS = 6;

  // octets
  private static final short HEADER_AT = 0;
  private static final short WANTED_AT = 8;
  private static final short FOUND_AT = 40;
  private static final short SPI_AT = 72;
  private static final short KEY_AT = 88;
  private static final short OCTETS = KEY_AT + SPKI_OCTETS;

  // found
  private static final short HAS_SA = 0;
  private static final short HAS_WANTED = 1;
  private static final short HAS_KEY = 2;
  private static final short FLAGS = 3;

  private final short[] n = JCSystem.makeTransientShortArray(NUMBERS, JCSystem.CLEAR_ON_DESELECT);
  private final byte[] b = JCSystem.makeTransientByteArray(OCTETS, JCSystem.CLEAR_ON_DESELECT);
  private final boolean[] found =
      JCSystem.makeTransientBooleanArray(FLAGS, JCSystem.CLEAR_ON_DESELECT);
  private final Hmac sha;

  RekeyParser(Hmac sha) {
    this.sha = sha;
  }

  /**
   * Begins a message.
   *
   * @param wanted SHA-256 of the encrypted key that is to be released
   */
  void start(byte firstPayload, byte[] wanted, short at) {
    abandon();
    Util.arrayCopyNonAtomic(wanted, at, b, WANTED_AT, Hmac.OCTETS);
    n[NEXT_PAYLOAD] = firstPayload;
    nextPayload();
  }

  void abandon() {
    Util.arrayFillNonAtomic(b, (short) 0, OCTETS, (byte) 0);
    for (short i = 0; i < NUMBERS; i++) {
      n[i] = 0;
    }
    for (short i = 0; i < FLAGS; i++) {
      found[i] = false;
    }
  }

  void take(byte[] data, short from, short end) {
    short at = from;
    while (at < end) {
      short run = (short) (end - at);
      if (Uint32s.below(n[NEED], run)) {
        run = n[NEED];
      }
      consume(data, at, run);
      at += run;
    }
  }

  /** The message must be whole, and the key that is wanted one of its Rekey SA's. */
  void requireEnd() {
    if (n[STATE] != END) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    if (found[HAS_SA] && !found[HAS_WANTED]) {
      ISOException.throwIt(Sw.NOT_ADMITTED);
    }
  }

  boolean bringsSa() {
    return found[HAS_SA];
  }

  boolean bringsKey() {
    return found[HAS_KEY];
  }

  void copySpi(byte[] to, short at) {
    Util.arrayCopyNonAtomic(b, SPI_AT, to, at, SPI_OCTETS);
  }

  void copyWanted(byte[] to, short at) {
    Util.arrayCopyNonAtomic(b, WANTED_AT, to, at, Hmac.OCTETS);
  }

  void copyPoint(byte[] to, short at) {
    Util.arrayCopyNonAtomic(
        b, (short) (KEY_AT + (short) (SPKI_OCTETS - POINT_OCTETS)), to, at, POINT_OCTETS);
  }

  /** Takes octets that all belong to what is read now. */
  private void consume(byte[] data, short at, short octets) {
    switch (n[STATE]) {
      case END:
        ISOException.throwIt(Sw.BAD_DATA);
        break;
      case PAYLOAD:
      case BAG:
      case ATTRIBUTE:
        keep(data, at, octets, HEADER_AT, HEADER_OCTETS);
        break;
      case SPI:
        keep(data, at, octets, SPI_AT, SPI_OCTETS);
        break;
      case PUBLIC_KEY:
        keep(data, at, octets, KEY_AT, SPKI_OCTETS);
        break;
      case WRAPPED:
        sha.update(data, at, octets);
        break;
      default:
    }
    short state = n[STATE];
    n[NEED] = (short) (n[NEED] - octets);
    if (state != PAYLOAD) {
      n[PAYLOAD_LEFT] = (short) (n[PAYLOAD_LEFT] - octets);
    }
    if (state >= SKIPPED_BAG) {
      n[BAG_LEFT] = (short) (n[BAG_LEFT] - octets);
    }
    if (n[NEED] == 0) {
      next(state);
    }
  }

  private void keep(byte[] data, short at, short octets, short to, short whole) {
    short offset = (short) (whole - n[NEED]);
    Util.arrayCopyNonAtomic(data, at, b, (short) (to + offset), octets);
  }

  /** What follows on what was read whole. */
  private void next(short state) {
    switch (state) {
      case PAYLOAD:
        payload();
        return;
      case BAG:
        bag();
        return;
      case ATTRIBUTE:
        attribute();
        return;
      case KEY_IDS:
        expect(WRAPPED, (short) (headerLength() - KEY_IDS_OCTETS));
        return;
      case WRAPPED:
        compareWanted();
        nextAttribute();
        return;
      case PUBLIC_KEY:
        if (Util.arrayCompare(b, KEY_AT, SPKI_P256, (short) 0, (short) SPKI_P256.length) != 0) {
          ISOException.throwIt(Sw.BAD_DATA);
        }
        found[HAS_KEY] = true;
        nextAttribute();
        return;
      case SKIPPED_PAYLOAD:
        nextPayload();
        return;
      default:
        // a bag that was skipped, the SPI of a bag, a value that was skipped
        nextAttribute();
    }
  }

  private void payload() {
    byte type = (byte) n[NEXT_PAYLOAD];
    n[NEXT_PAYLOAD] = b[HEADER_AT];
    short left = less(headerLength(), HEADER_OCTETS);
    n[PAYLOAD_LEFT] = left;
    if (left == 0) {
      nextPayload();
    } else if (type == KEY_DOWNLOAD) {
      expect(BAG, HEADER_OCTETS);
      less(left, HEADER_OCTETS);
    } else {
      expect(SKIPPED_PAYLOAD, left);
    }
  }

  private void bag() {
    short left = less(headerLength(), HEADER_OCTETS);
    less(n[PAYLOAD_LEFT], left);
    n[BAG_LEFT] = left;
    n[BAG_PROTOCOL] = b[HEADER_AT];
    if (b[HEADER_AT] == GIKE_UPDATE) {
      if (found[HAS_SA] || b[(short) (HEADER_AT + 1)] != SPI_OCTETS) {
        ISOException.throwIt(Sw.BAD_DATA);
      }
      less(left, SPI_OCTETS);
      found[HAS_SA] = true;
      expect(SPI, SPI_OCTETS);
    } else if (b[HEADER_AT] == MEMBER_BAG || left == 0) {
      nextAttribute();
    } else {
      expect(SKIPPED_BAG, left);
    }
  }

  private void attribute() {
    short type = Util.getShort(b, HEADER_AT);
    if (type < 0) {
      // two octets of value, in the header (RFC 7296 section 3.3.5)
      nextAttribute();
      return;
    }
    short octets = headerLength();
    less(n[BAG_LEFT], octets);
    if (n[BAG_PROTOCOL] == GIKE_UPDATE && type == SA_KEY) {
      if (less(octets, KEY_IDS_OCTETS) == 0) {
        ISOException.throwIt(Sw.BAD_DATA);
      }
      sha.abandon();
      expect(KEY_IDS, KEY_IDS_OCTETS);
    } else if (n[BAG_PROTOCOL] == MEMBER_BAG && type == AUTH_KEY) {
      if (found[HAS_KEY] || octets != SPKI_OCTETS) {
        ISOException.throwIt(Sw.BAD_DATA);
      }
      expect(PUBLIC_KEY, SPKI_OCTETS);
    } else if (octets == 0) {
      nextAttribute();
    } else {
      expect(SKIPPED_VALUE, octets);
    }
  }

  private void compareWanted() {
    sha.finishDigest(b, FOUND_AT);
    if (Util.arrayCompare(b, FOUND_AT, b, WANTED_AT, Hmac.OCTETS) == 0) {
      found[HAS_WANTED] = true;
    }
  }

  private void nextAttribute() {
    if (n[BAG_LEFT] != 0) {
      less(n[BAG_LEFT], HEADER_OCTETS);
      expect(ATTRIBUTE, HEADER_OCTETS);
    } else if (n[PAYLOAD_LEFT] != 0) {
      less(n[PAYLOAD_LEFT], HEADER_OCTETS);
      expect(BAG, HEADER_OCTETS);
    } else {
      nextPayload();
    }
  }

  private void nextPayload() {
    if ((byte) n[NEXT_PAYLOAD] == NO_NEXT_PAYLOAD) {
      expect(END, (short) 0);
    } else {
      expect(PAYLOAD, HEADER_OCTETS);
    }
  }

  private void expect(short state, short octets) {
    n[STATE] = state;
    n[NEED] = octets;
  }

  private short headerLength() {
    return Util.getShort(b, (short) (HEADER_AT + 2));
  }

  /** {@code all - part}; a part longer than what holds it is malformed. */
  private static short less(short all, short part) {
    if (Uint32s.below(all, part)) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    return (short) (all - part);
  }
}
