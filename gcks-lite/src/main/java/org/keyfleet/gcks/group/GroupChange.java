package org.keyfleet.gcks.group;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.RekeyPlan;

/**
 * Everything that one change does, ready to be written and then made.
 *
 * @param membership empty when nobody comes or goes and the tree stays
 * @param healedTo the last leaf that was healed
 * @param joined rows to write
 * @param messages to append to the rekey log and to send, in their order
 */
record GroupChange(
    String reason,
    GroupState after,
    Optional<TreeChange> membership,
    OptionalInt healedTo,
    List<MemberRow> joined,
    List<Long> newSpis,
    List<RekeyMessageRow> messages) {
  GroupChange {
    joined = List.copyOf(joined);
    newSpis = List.copyOf(newSpis);
    messages = List.copyOf(messages);
  }

  /** The same change, as one that healed the paths of the members up to a leaf. */
  GroupChange healing(int lastLeaf) {
    return new GroupChange(
        reason, after, membership, OptionalInt.of(lastLeaf), joined, newSpis, messages);
  }

  /** What happens to the tree; the plan renews the nodes of {@code freshKeyIds}. */
  record TreeChange(MembershipChange membership, RekeyPlan plan, Map<NodeIndex, Long> freshKeyIds) {
    TreeChange {
      freshKeyIds = Map.copyOf(freshKeyIds);
    }
  }
}
