package org.keyfleet.benchmarks.eviction;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.TreeShape;

/** Wraps of rekeys in which members come, by the server's planner. */
final class ChurnMeasurement {
  /** 0.5 % go and 0.5 % come. */
  private static final int MEMBERS_A_SWAP = 200;

  private final Random random;

  ChurnMeasurement(Random random) {
    this.random = random;
  }

  ChurnRow measure(Method method, int members) {
    TreeShape shape = method.shape(members);
    LeafSet leaves = LeafSet.empty(shape);
    for (int leaf = 0; leaf < shape.leaves(); leaf++) {
      leaves.add(new LeafIndex(leaf));
    }
    Set<LeafIndex> swapped = new HashSet<>();
    int swaps = Math.max(1, shape.leaves() / MEMBERS_A_SWAP);
    while (swapped.size() < swaps) {
      swapped.add(leaf(shape));
    }
    int churnWraps = wraps(method, leaves, new MembershipChange(swapped, swapped, true));
    LeafIndex free = leaf(shape);
    leaves.remove(free);
    int joinWraps = wraps(method, leaves, MembershipChange.join(free));
    return new ChurnRow(method.name(), shape.leaves(), joinWraps, swaps, churnWraps);
  }

  private LeafIndex leaf(TreeShape shape) {
    return new LeafIndex(random.nextInt(shape.leaves()));
  }

  private static int wraps(Method method, LeafSet leaves, MembershipChange change) {
    return method.gkma().plan(leaves, change, leaves.shape(), ChurnMeasurement::keyId).wrapCount();
  }

  /** From the bottom up, as in a group that was never changed. */
  private static long keyId(NodeIndex node) {
    return ((long) node.level() << 32) + node.position();
  }
}
