package org.keyfleet.protocol.keytree.histories;

import java.util.Collection;
import java.util.function.ToLongFunction;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.keytree.TreeShape;

/** What is on trial: a {@link TreeGkma}, or one with a mistake. */
interface TreePlanner {
  RekeyPlan plan(
      LeafSet before, MembershipChange change, TreeShape shape, ToLongFunction<NodeIndex> keyIds);

  RekeyPlan refresh(
      LeafSet members, Collection<LeafIndex> leaves, ToLongFunction<NodeIndex> keyIds);

  static TreePlanner of(TreeGkma gkma) {
    return new TreePlanner() {
      @Override
      public RekeyPlan plan(
          LeafSet before,
          MembershipChange change,
          TreeShape shape,
          ToLongFunction<NodeIndex> keyIds) {
        return gkma.plan(before, change, shape, keyIds);
      }

      @Override
      public RekeyPlan refresh(
          LeafSet members, Collection<LeafIndex> leaves, ToLongFunction<NodeIndex> keyIds) {
        return gkma.refresh(members, leaves, keyIds);
      }
    };
  }
}
