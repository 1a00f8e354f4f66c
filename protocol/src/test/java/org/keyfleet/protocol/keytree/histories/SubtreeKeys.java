package org.keyfleet.protocol.keytree.histories;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.keytree.CompleteSubtree;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.LeafIndex;

/** Complete subtree: a key for each node, a member has those of its path. */
final class SubtreeKeys implements StatelessKeys {
  private final HeapTree tree;
  private final List<Key> byNode = new ArrayList<>();

  SubtreeKeys(HeapTree tree) {
    this.tree = tree;
    for (int node = 0; node < 2 * tree.leaves(); node++) {
      byNode.add(Key.kek(node));
    }
  }

  @Override
  public HeapTree tree() {
    return tree;
  }

  @Override
  public List<Key> held(LeafIndex leaf) {
    List<Key> held = new ArrayList<>();
    for (int node = tree.node(leaf); node >= HeapTree.ROOT; node /= 2) {
      held.add(byNode.get(node));
    }
    return held;
  }

  @Override
  public List<Key> cover(int[] revoked) {
    return CompleteSubtree.cover(tree, revoked).stream().map(byNode::get).toList();
  }

  @Override
  public int size() {
    return byNode.size() - 1; // there is no node 0
  }
}
