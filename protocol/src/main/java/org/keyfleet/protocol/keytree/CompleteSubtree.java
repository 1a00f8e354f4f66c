package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.List;

/**
 * Complete subtree method (Naor, Naor, Lotspiech: Revocation and Tracing Schemes for Stateless
 * Receivers, CRYPTO 2001, section 3.1). Each node has a key for all time, each member those on its
 * path. Who is not revoked is covered by the subtrees that hang off the paths of those who are:
 *
 * <pre>
 *                1
 *          +-----+-----+
 *         (2)          3           leaf 2 (node 6) is revoked: the cover is 2 and 7
 *       +--+--+     +--+--+
 *       4     5     x    (7)
 * </pre>
 *
 * At most {@code r * log2(N/r)} subtrees for r revoked of N.
 */
public final class CompleteSubtree {
  private final HeapTree tree;
  private final int[] revoked;
  private final List<Integer> cover = new ArrayList<>();

  private CompleteSubtree(HeapTree tree, int[] revoked) {
    this.tree = tree;
    this.revoked = revoked;
  }

  /**
   * The nodes whose subtrees hold everybody but the revoked.
   *
   * @param revoked positions of leaves, ascending, each once
   */
  public static List<Integer> cover(HeapTree tree, int[] revoked) {
    RevokedLeaves.require(tree, revoked);
    CompleteSubtree method = new CompleteSubtree(tree, revoked);
    if (revoked.length == 0) {
      return List.of(HeapTree.ROOT);
    }
    method.visit(HeapTree.ROOT, 0, revoked.length);
    return List.copyOf(method.cover);
  }

  /** {@code node} has the revoked leaves from index {@code from} up to {@code to} below it. */
  private void visit(int node, int from, int to) {
    int at = node;
    while (to - from == 1 && !tree.isLeaf(at)) {
      int next = HeapTree.childTowards(at, tree.leaves() + revoked[from]);
      cover.add(next ^ 1);
      at = next;
    }
    if (tree.isLeaf(at)) {
      return;
    }
    int split = RevokedLeaves.split(tree, revoked, at, from, to);
    if (split == from) {
      cover.add(2 * at);
    } else {
      visit(2 * at, from, split);
    }
    if (split == to) {
      cover.add(2 * at + 1);
    } else {
      visit(2 * at + 1, split, to);
    }
  }
}
