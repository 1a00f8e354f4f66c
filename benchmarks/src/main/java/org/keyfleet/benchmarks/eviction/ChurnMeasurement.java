package org.keyfleet.benchmarks.eviction;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.MembershipChange;
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
    LeafSet leaves = Method.everybody(shape);
    Set<LeafIndex> swapped = new HashSet<>();
    int swaps = Math.max(1, shape.leaves() / MEMBERS_A_SWAP);
    while (swapped.size() < swaps) {
      swapped.add(leaf(shape));
    }
    int churnWraps = method.wraps(leaves, new MembershipChange(swapped, swapped, true));
    LeafIndex free = leaf(shape);
    leaves.remove(free);
    int joinWraps = method.wraps(leaves, MembershipChange.join(free));
    return new ChurnRow(method.name(), shape.leaves(), joinWraps, swaps, churnWraps);
  }

  private LeafIndex leaf(TreeShape shape) {
    return new LeafIndex(random.nextInt(shape.leaves()));
  }
}
