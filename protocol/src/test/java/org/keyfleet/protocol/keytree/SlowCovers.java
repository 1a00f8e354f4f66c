package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Covers by the book: every node is looked at, no cleverness. Shares no code with the fast ones.
 */
final class SlowCovers {
  private final int height;
  private final Set<Integer> revokedNodes = new TreeSet<>();

  SlowCovers(int height, Iterable<Integer> revokedLeaves) {
    this.height = height;
    for (int leaf : revokedLeaves) {
      revokedNodes.add((1 << height) + leaf);
    }
  }

  private boolean below(int node, int root) {
    int at = node;
    while (at > root) {
      at = at / 2;
    }
    return at == root;
  }

  private boolean revokedBelow(int root) {
    return revokedNodes.stream().anyMatch(leaf -> below(leaf, root));
  }

  /** "the subtrees that hang off the Steiner tree". */
  Set<Integer> completeSubtree() {
    Set<Integer> cover = new HashSet<>();
    for (int node = 1; node < 1 << (height + 1); node++) {
      if (!revokedBelow(node) && (node == 1 || revokedBelow(node / 2))) {
        cover.add(node);
      }
    }
    return cover;
  }

  /** The paper's loop over a shrinking Steiner tree; pairs as "i without j". */
  Set<Subset> subsetDifference() {
    Set<Subset> cover = new HashSet<>();
    if (revokedNodes.isEmpty()) {
      cover.add(Subset.ALL);
      return cover;
    }
    Set<Integer> leaves = new TreeSet<>(revokedNodes);
    while (leaves.size() > 1) {
      int v = lowestWithTwoLeaves(leaves);
      List<Integer> pair = new ArrayList<>();
      leaves.stream().filter(leaf -> below(leaf, v)).forEach(pair::add);
      for (int leaf : pair) {
        int child = below(leaf, 2 * v) ? 2 * v : 2 * v + 1;
        if (child != leaf) {
          cover.add(new Subset(child, leaf));
        }
      }
      pair.forEach(leaves::remove);
      leaves.add(v);
    }
    int last = leaves.iterator().next();
    if (last != 1) {
      cover.add(new Subset(1, last));
    }
    return cover;
  }

  private int lowestWithTwoLeaves(Set<Integer> leaves) {
    Set<Integer> candidates = new TreeSet<>(Comparator.reverseOrder());
    for (int node = 1; node < 1 << height; node++) {
      candidates.add(node);
    }
    for (int node : candidates) {
      int left = 2 * node;
      if (leaves.stream().anyMatch(leaf -> below(leaf, left))
          && leaves.stream().anyMatch(leaf -> below(leaf, left + 1))) {
        return node; // the largest number that has both: nothing below it has
      }
    }
    throw new AssertionError("two leaves and no common ancestor");
  }
}
