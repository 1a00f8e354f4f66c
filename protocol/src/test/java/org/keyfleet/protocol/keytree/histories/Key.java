package org.keyfleet.protocol.keytree.histories;

import java.util.ArrayList;
import java.util.List;

/**
 * A key as a symbol: it is known or it is not. It leads to what it opens by references alone, and
 * nothing else leads to old keys: a key that neither a key in use nor anybody's knowledge leads to
 * can never be reached again, and goes with the garbage. That is all that long histories forget.
 */
final class Key {
  private static final int NO_EPOCH = -1;

  final long id;
  final int epoch;
  final List<Key> opens = new ArrayList<>(2);
  Knowers knowers = Knowers.NOBODY;

  private Key(long id, int epoch) {
    this.id = id;
    this.epoch = epoch;
  }

  /** A key that opens others. */
  static Key kek(long id) {
    return new Key(id, NO_EPOCH);
  }

  /** The group key of an epoch: the Rekey SA's. */
  static Key ofGroup(long id, int epoch) {
    return new Key(id, epoch);
  }

  boolean isGroupKey() {
    return epoch != NO_EPOCH;
  }
}
