package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.List;

/**
 * What a member of a subset difference group holds, and what he computes from it. LABEL(i, j) gives
 * LABEL(i, 2j) and LABEL(i, 2j+1) one-way, and the key of S(i, j). A member holds, for each i on
 * his path, the labels of the nodes that hang off the path from i down to him: from them he gets
 * the key of every subset that he is in and of no other.
 */
public final class SubsetLabels {
  private SubsetLabels() {}

  /**
   * The labels that a member is given: {@code h(h+1)/2} pairs and {@link Subset#ALL}.
   *
   * @return as subsets: LABEL(i, j) stands as S(i, j)
   */
  public static List<Subset> held(HeapTree tree, LeafIndex leaf) {
    List<Subset> held = new ArrayList<>();
    held.add(Subset.ALL);
    int node = tree.node(leaf);
    for (int up = tree.height(); up > 0; up--) {
      int i = node >>> up;
      for (int below = up - 1; below >= 0; below--) {
        held.add(new Subset(i, (node >>> below) ^ 1));
      }
    }
    return List.copyOf(held);
  }

  /**
   * The label to start from for the key of a subset.
   *
   * @param subset one that contains the member
   */
  public static Subset start(HeapTree tree, LeafIndex leaf, Subset subset) {
    if (!subset.contains(tree, leaf)) {
      throw new IllegalArgumentException(subset + " is not for leaf " + leaf.position());
    }
    if (subset.j() == 0) {
      return subset;
    }
    int fork = HeapTree.lowestCommonAncestor(tree.node(leaf), subset.j());
    return new Subset(subset.i(), HeapTree.childTowards(fork, subset.j()));
  }

  /**
   * The steps from one label down to another with the same i: false is left, true is right. At most
   * the tree's height.
   */
  public static List<Boolean> steps(Subset from, Subset to) {
    if (from.i() != to.i() || !HeapTree.isAtOrAbove(from.j(), to.j())) {
      throw new IllegalArgumentException("no way from " + from + " to " + to);
    }
    List<Boolean> steps = new ArrayList<>();
    for (int left = HeapTree.depth(to.j()) - HeapTree.depth(from.j()) - 1; left >= 0; left--) {
      steps.add((to.j() >>> left & 1) == 1);
    }
    return List.copyOf(steps);
  }
}
