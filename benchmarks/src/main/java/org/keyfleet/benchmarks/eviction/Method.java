package org.keyfleet.benchmarks.eviction;

import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
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

  /** Every leaf is taken. */
  static LeafSet everybody(TreeShape shape) {
    LeafSet leaves = LeafSet.empty(shape);
    for (int leaf = 0; leaf < shape.leaves(); leaf++) {
      leaves.add(new LeafIndex(leaf));
    }
    return leaves;
  }

  /** Wraps of a change by the server's planner; Key IDs as in a group that was never changed. */
  int wraps(LeafSet leaves, MembershipChange change) {
    return gkma.plan(leaves, change, leaves.shape(), Method::keyId).wrapCount();
  }

  /** From the bottom up. */
  private static long keyId(NodeIndex node) {
    return ((long) node.level() << 32) + node.position();
  }
}
