package org.keyfleet.benchmarks.eviction;

import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.keytree.TreeShape;

/**
 * A tree algorithm and its degree.
 *
 * @param name as it stands in the table
 */
record Method(String name, TreeGkma gkma, int degree) {
  /** The lowest full tree that holds {@code members}. */
  TreeShape shape(int members) {
    return TreeShape.holding(degree, members);
  }
}
