package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.List;

/**
 * Subset difference method (Naor, Naor, Lotspiech: Revocation and Tracing Schemes for Stateless
 * Receivers, CRYPTO 2001, section 3.2): covers everybody but r revoked members with at most 2r - 1
 * subsets "below i but not below j", 1.25 r on average.
 *
 * <pre>
 *                 1
 *          +------+------+
 *          2             3         leaves 2 and 4 (nodes 10 and 12) are revoked:
 *       +--+--+       +--+--+      the cover is S(2, 10) and S(3, 12)
 *       4     5       6     7
 *      +-+   +-+     +-+   +-+
 *      8 9   x 11    x 13  14 15
 * </pre>
 */
public final class SubsetDifference {
  private final HeapTree tree;
  private final int[] revoked;
  private final List<Subset> cover;

  private SubsetDifference(HeapTree tree, int[] revoked) {
    this.tree = tree;
    this.revoked = revoked;
    this.cover = new ArrayList<>(revoked.length * 3 / 2 + 1);
  }

  /**
   * The subsets that hold everybody but the revoked, each member in one of them.
   *
   * @param revoked positions of leaves, ascending, each once
   */
  public static List<Subset> cover(HeapTree tree, int[] revoked) {
    RevokedLeaves.require(tree, revoked);
    if (revoked.length == 0) {
      return List.of(Subset.ALL);
    }
    SubsetDifference method = new SubsetDifference(tree, revoked);
    method.emit(HeapTree.ROOT, method.visit(0, revoked.length));
    return method.cover;
  }

  /**
   * Covers everybody below the lowest node that has the leaves {@code from} up to {@code to} below
   * it, except them, and gives that node: for those above it is as if all of it were revoked. Only
   * the nodes where revoked leaves part are visited: 2r - 1 of them, whatever the height.
   */
  private int visit(int from, int to) {
    if (to - from == 1) {
      return tree.leaves() + revoked[from];
    }
    int first = tree.leaves() + revoked[from];
    int last = tree.leaves() + revoked[to - 1];
    int node = HeapTree.lowestCommonAncestor(first, last);
    int split = RevokedLeaves.split(tree, revoked, node, from, to);
    emit(2 * node, visit(from, split));
    emit(2 * node + 1, visit(split, to));
    return node;
  }

  private void emit(int i, int j) {
    if (i != j) {
      cover.add(new Subset(i, j));
    }
  }
}
