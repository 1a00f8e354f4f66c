package org.keyfleet.protocol.keytree;

/**
 * The number of a subset S(i, j), which travels as KWK ID (docs/protocol-extensions.md): 1 for
 * everybody, then the pairs by i and, below one i, by j.
 *
 * <pre>
 *   rank(i, j) = 2 + before(d) + (i - 2^d) * (2^(h-d+1) - 2) + (j' - 2)
 *
 *   d          depth of i
 *   before(d)  pairs with an i of less depth: d * 2^(h+1) - 2 * (2^d - 1)
 *   j'         number of j in the subtree of i, whose root i is 1: 2 and more
 * </pre>
 *
 * At height 26 the largest rank is 3 355 443 203, below 2^32.
 */
public final class SubsetRank {
  /** The rank of {@link Subset#ALL}. */
  public static final long ALL = 1;

  private SubsetRank() {}

  /** How many ranks there are: the largest one. */
  public static long largest(HeapTree tree) {
    return 1 + before(tree, tree.height());
  }

  public static long of(HeapTree tree, Subset subset) {
    if (subset.j() == 0) {
      return ALL;
    }
    if (!tree.contains(subset.j())) {
      throw new IllegalArgumentException("node " + subset.j() + " is outside the tree");
    }
    int depth = HeapTree.depth(subset.i());
    int steps = HeapTree.depth(subset.j()) - depth;
    int local = (1 << steps) | (subset.j() & ((1 << steps) - 1));
    long pairsPerNode = pairsPerNode(tree, depth);
    return 2 + before(tree, depth) + (subset.i() - (1L << depth)) * pairsPerNode + (local - 2);
  }

  /** The subset of a rank, which must be 1 to {@link #largest}. */
  public static Subset subset(HeapTree tree, long rank) {
    if (rank == ALL) {
      return Subset.ALL;
    }
    if (rank < 2 || rank > largest(tree)) {
      throw new IllegalArgumentException("rank " + rank + " of " + largest(tree));
    }
    long index = rank - 2;
    int depth = 0;
    while (before(tree, depth + 1) <= index) {
      depth++;
    }
    long inDepth = index - before(tree, depth);
    long pairsPerNode = pairsPerNode(tree, depth);
    int i = (int) ((1L << depth) + inDepth / pairsPerNode);
    int local = (int) (inDepth % pairsPerNode) + 2;
    int steps = HeapTree.depth(local);
    return new Subset(i, (i << steps) | (local & ((1 << steps) - 1)));
  }

  /** Pairs whose i is less deep than {@code depth}. */
  private static long before(HeapTree tree, int depth) {
    return ((long) depth << (tree.height() + 1)) - 2 * ((1L << depth) - 1);
  }

  /** Nodes below one i. */
  private static long pairsPerNode(HeapTree tree, int depth) {
    return (1L << (tree.height() - depth + 1)) - 2;
  }
}
