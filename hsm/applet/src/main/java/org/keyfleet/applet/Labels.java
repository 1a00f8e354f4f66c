package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;

/**
 * The labels of one member of a subset difference group (Naor, Naor, Lotspiech; numbering and
 * derivation in docs/protocol-extensions.md). A member at height h has h(h+1)/2 + 1 of them: too
 * many for key objects, so they are octets here, and one working key is loaded with each in turn.
 *
 * <p>Label 0 is the one of everybody. Then, for each node i of the member's path from the root
 * down, those of the nodes that hang off the path below i, from the top down: nobody needs an index
 * with them.
 */
final class Labels {
  static final short OCTETS = 32;
  static final byte MAX_HEIGHT = 26;
  static final short MAX_COUNT = 352;

  private static final byte LEFT = 'L';
  private static final byte KEY = 'M';
  private static final byte RIGHT = 'R';
  private static final byte[] PREFIX = {
    'k', 'e', 'y', 'f', 'l', 'e', 'e', 't', ' ', 's', 'd', ' ', '1', ' '
  };

  // numbers
  private static final short RANK = 0;
  private static final short LEAF = 1;
  private static final short BEFORE = 2;
  private static final short PAIRS = 3;
  private static final short FIRST = 4;
  private static final short LOCAL = 5;
  private static final short TWICE = 6;
  private static final short NUMBERS = 7;

  private static final short LEAF_OCTETS = 4;
  private static final short HEADER_OCTETS = 2 + LEAF_OCTETS;

  private final byte[] store = new byte[(short) (MAX_COUNT * OCTETS)];
  private final byte[] leaf = new byte[LEAF_OCTETS];
  private final Uint32s numbers = new Uint32s(NUMBERS);
  private final AESKey label =
      (AESKey)
          KeyBuilder.buildKey(
              KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, KeyBuilder.LENGTH_AES_256, false);
  private final KeyUnwrap aes;
  private final Hmac hmac;

  /** 0 when there are no labels. */
  private byte height;

  private byte role;
  private short loaded;

  Labels(KeyUnwrap aes, Hmac hmac) {
    this.aes = aes;
    this.hmac = hmac;
  }

  /** Takes height | role | leaf (4), and forgets what was there. */
  void begin(byte[] data, short at, short octets) {
    if (octets != HEADER_OCTETS) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    byte newHeight = data[at];
    byte newRole = data[(short) (at + 1)];
    if (newRole != Role.KEK_PARENT && newRole != Role.RELEASER) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
    numbers.load(LEAF, data, (short) (at + 2));
    if (newHeight < 1 || newHeight > MAX_HEIGHT || numbers.topBit(LEAF) >= newHeight) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    forget();
    Util.arrayCopyNonAtomic(data, (short) (at + 2), leaf, (short) 0, LEAF_OCTETS);
    role = newRole;
    height = newHeight;
  }

  /** Takes the number of the first label (2) | labels. They come in their order, each once. */
  void append(byte[] data, short at, short octets) {
    short labels = (short) (octets - 2);
    if (labels < OCTETS || (short) (labels & (OCTETS - 1)) != 0) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    short count = (short) (labels / OCTETS);
    if (Util.getShort(data, at) != loaded || (short) (loaded + count) > expected()) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    short start = (short) (loaded * OCTETS);
    Util.arrayCopyNonAtomic(data, (short) (at + 2), store, start, labels);
    loaded = (short) (loaded + count);
  }

  void forget() {
    height = 0;
    loaded = 0;
    Util.arrayFillNonAtomic(store, (short) 0, (short) store.length, (byte) 0);
  }

  /** Whether they are whole, and for keys of this role. */
  void require(byte wanted) {
    if (height == 0 || loaded != expected()) {
      ISOException.throwIt(Sw.NO_KEY);
    }
    if (role != wanted) {
      ISOException.throwIt(Sw.POLICY);
    }
  }

  /** Writes height | role | leaf (4) | labels that are there (2). */
  short describe(byte[] to, short at) {
    to[at] = height;
    to[(short) (at + 1)] = role;
    Util.arrayCopyNonAtomic(leaf, (short) 0, to, (short) (at + 2), LEAF_OCTETS);
    Util.setShort(to, (short) (at + HEADER_OCTETS), loaded);
    return (short) (HEADER_OCTETS + 2);
  }

  /**
   * Puts the key of the subset whose rank is at {@code at} in the place of it, 32 octets: at most
   * 26 derivations. A rank of a subset that leaves this member out has no key here.
   */
  void key(byte[] data, short at) {
    numbers.load(RANK, data, at);
    numbers.set(TWICE, (short) 2);
    if (numbers.less(RANK, TWICE)) {
      // rank 1: everybody
      if (!numbers.bit(RANK, (short) 0)) {
        ISOException.throwIt(Sw.NO_KEY);
      }
      load(data, at, (short) 0);
    } else {
      walk(data, at);
    }
    step(data, at, KEY);
    label.clearKey();
  }

  /** Down from the label that hangs off the member's path to the one of the subset. */
  private void walk(byte[] data, short at) {
    numbers.load(LEAF, leaf, (short) 0);
    numbers.subtract(RANK, TWICE);
    short up = (short) (height - depth());
    short steps = numbers.topBit(LOCAL);
    short step = 1;
    while (step <= steps
        && numbers.bit(LOCAL, (short) (steps - step)) == numbers.bit(LEAF, (short) (up - step))) {
      step++;
    }
    if (step > steps) {
      // j is the member's leaf, or above it
      ISOException.throwIt(Sw.NO_KEY);
    }
    load(data, at, (short) (triangle(height) - triangle(up) + step));
    for (step++; step <= steps; step++) {
      step(data, at, numbers.bit(LOCAL, (short) (steps - step)) ? RIGHT : LEFT);
    }
  }

  /**
   * Finds the node i of the subset on the member's path: its depth. Leaves the number of j below i
   * in LOCAL. The subsets of one i are consecutive ranks, so no division is needed.
   */
  private short depth() {
    numbers.set(BEFORE, (short) 0);
    for (short d = 0; d < height; d++) {
      short bits = (short) (height - d + 1);
      numbers.set(PAIRS, (short) 1);
      numbers.shiftLeft(PAIRS, bits);
      numbers.subtract(PAIRS, TWICE);
      // FIRST = BEFORE + x * PAIRS, where i is the x-th node of its depth
      numbers.copy(LEAF, LOCAL);
      numbers.shiftRight(LOCAL, (short) (height - d));
      numbers.copy(LOCAL, FIRST);
      numbers.shiftLeft(FIRST, bits);
      numbers.shiftLeft(LOCAL, (short) 1);
      numbers.subtract(FIRST, LOCAL);
      numbers.add(FIRST, BEFORE);
      if (!numbers.less(RANK, FIRST)) {
        numbers.copy(RANK, LOCAL);
        numbers.subtract(LOCAL, FIRST);
        if (numbers.less(LOCAL, PAIRS)) {
          numbers.add(LOCAL, TWICE);
          return d;
        }
      }
      numbers.shiftLeft(PAIRS, d);
      numbers.add(BEFORE, PAIRS);
    }
    ISOException.throwIt(Sw.NO_KEY);
    return 0;
  }

  private void load(byte[] data, short at, short number) {
    Util.arrayCopyNonAtomic(store, (short) (number * OCTETS), data, at, OCTETS);
  }

  /** One derivation in place: AES(label, SHA-256(PREFIX | which)). */
  private void step(byte[] data, short at, byte which) {
    label.setKey(data, at);
    Util.arrayCopyNonAtomic(PREFIX, (short) 0, data, at, (short) PREFIX.length);
    data[(short) (at + PREFIX.length)] = which;
    hmac.digest(data, at, (short) (PREFIX.length + 1), data, at);
    aes.derive(label, data, at);
  }

  private short expected() {
    return height == 0 ? 0 : (short) (triangle(height) + 1);
  }

  private static short triangle(short n) {
    return (short) ((short) (n * (short) (n + 1)) / 2);
  }
}
