package org.keyfleet.protocol.keytree.histories;

/**
 * Who comes to know a key, in three figures instead of names. A key opens other keys one at a time,
 * so people together reach what each of them reaches alone and no more; of all who ever know a
 * group key, the one who came last and the one who went first are the ones to ask about.
 *
 * @param leaves bit p: the member at leaf p
 * @param lastJoined the latest first epoch of all who know it; -1 when nobody does
 * @param firstLeft the earliest epoch from which one who knows it is shut out; {@link #NEVER} when
 *     all who know it are members
 */
record Knowers(long leaves, int lastJoined, int firstLeft) {
  static final int NEVER = Integer.MAX_VALUE;
  static final Knowers NOBODY = new Knowers(0, -1, NEVER);

  static Knowers member(int leaf, int joined) {
    return new Knowers(1L << leaf, joined, NEVER);
  }

  /** Who may know what was before the epoch {@code left}, wherever he got it from. */
  static Knowers shutOut(int left) {
    return new Knowers(0, -1, left);
  }

  Knowers and(Knowers more) {
    return new Knowers(
        leaves | more.leaves,
        Math.max(lastJoined, more.lastJoined),
        Math.min(firstLeft, more.firstLeft));
  }
}
