package org.keyfleet.protocol.keytree;

/**
 * S(i, j): everybody below node i and not below node j, a node below i. i is the number of the
 * subset {@link #ALL} when nobody is left out.
 *
 * @param i {@link HeapTree} number of the subtree
 * @param j of the subtree in it that is left out; 0 when none is, then i is the root
 */
public record Subset(int i, int j) {
  /** Nobody is revoked. */
  public static final Subset ALL = new Subset(HeapTree.ROOT, 0);

  public Subset {
    if (j == 0 ? i != HeapTree.ROOT : i < 1 || j <= i || !HeapTree.isAtOrAbove(i, j)) {
      throw new IllegalArgumentException("subset " + i + " without " + j);
    }
  }

  /** Whether a member's leaf is in it. */
  public boolean contains(HeapTree tree, LeafIndex leaf) {
    int node = tree.node(leaf);
    return j == 0 || (HeapTree.isAtOrAbove(i, node) && !HeapTree.isAtOrAbove(j, node));
  }
}
