package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.List;

/**
 * MARKS (Briscoe: MARKS: Zero Side Effect Multicast Key Management Using Arbitrarily Revealed Key
 * Sequences, NGC 1999, section 4.1, the binary hash tree): time is cut into periods, the leaves of
 * a tree of seeds in which each seed gives its two children one-way. Whoever is entitled to the
 * periods {@code first} to {@code last} gets the fewest seeds that give these and no other:
 *
 * <pre>
 *                1
 *          +-----+-----+
 *          2          (3)          periods 1 to 3: the seeds 5 and 3
 *       +--+--+     +--+--+
 *       4    (5)    6     7
 * </pre>
 *
 * At most {@code 2 (h - 1)} seeds. Nobody leaves before his last period: an eviction needs another
 * algorithm or a new tree.
 */
public final class Marks {
  private Marks() {}

  /** The seeds for the periods {@code first} to {@code last}, both included, in their order. */
  public static List<Integer> seeds(HeapTree tree, int first, int last) {
    if (first < 0 || last < first || last >= tree.leaves()) {
      throw new IllegalArgumentException("periods " + first + " to " + last);
    }
    List<Integer> fromLeft = new ArrayList<>();
    List<Integer> fromRight = new ArrayList<>();
    int low = tree.leaves() + first;
    int high = tree.leaves() + last;
    while (low <= high) {
      if ((low & 1) == 1) {
        fromLeft.add(low++);
      }
      if ((high & 1) == 0 && low <= high) {
        fromRight.add(0, high--);
      }
      if (low > high) {
        break;
      }
      low >>>= 1;
      high >>>= 1;
    }
    fromLeft.addAll(fromRight);
    return List.copyOf(fromLeft);
  }
}
