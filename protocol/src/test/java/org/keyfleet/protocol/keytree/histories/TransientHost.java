package org.keyfleet.protocol.keytree.histories;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.NodeIndex;

/**
 * Somebody who looked once into a member's keys, or has one key-encrypting key. Until the lowest
 * node he knows is renewed he may read along; from then on nothing. When that must be is said here
 * from who moved, not from what the plan claims to renew.
 *
 * @param lowest empty: he has the group key alone
 * @param known what he saw
 */
record TransientHost(Optional<NodeIndex> lowest, List<Key> known) {
  /**
   * Whether an event takes from him what he has.
   *
   * @param moved leaves that somebody left or took
   * @param refreshed leaves whose path was renewed; a member's own key is not renewed with it
   */
  boolean endsWith(int degree, Collection<LeafIndex> moved, Collection<LeafIndex> refreshed) {
    return lowest.isEmpty()
        || isAbove(degree, lowest.get(), moved)
        || (!lowest.get().isLeaf() && isAbove(degree, lowest.get(), refreshed));
  }

  private static boolean isAbove(int degree, NodeIndex node, Collection<LeafIndex> leaves) {
    int width = 1;
    for (int level = 0; level < node.level(); level++) {
      width *= degree;
    }
    int below = width;
    return leaves.stream().anyMatch(leaf -> leaf.position() / below == node.position());
  }
}
