package org.keyfleet.benchmarks.kill;

import java.util.List;

/**
 * How far a member is in the group's life: its Rekey SA and the last message of that.
 *
 * @param messageId -1 before the first message
 */
record Place(String rekeySpi, long messageId) {
  static final Place NONE = new Place("", -1);

  /** Whether this is an earlier one than {@code other}, by the order in which the SAs came. */
  boolean before(Place other, List<String> spisInOrder) {
    int mine = spisInOrder.indexOf(rekeySpi);
    int others = spisInOrder.indexOf(other.rekeySpi);
    return mine >= 0 && (mine < others || (mine == others && messageId < other.messageId));
  }
}
