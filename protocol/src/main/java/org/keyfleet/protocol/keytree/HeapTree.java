package org.keyfleet.protocol.keytree;

/**
 * The numbering of a complete binary tree that never grows, for the stateless algorithms: the root
 * is 1, the children of v are 2v and 2v+1.
 *
 * <pre>
 *                1                 depth 0
 *          +-----+-----+
 *          2           3           depth 1
 *       +--+--+     +--+--+
 *       4     5     6     7        depth 2 = height: leaves 0 to 3
 * </pre>
 *
 * @param height edges from the root to a leaf, 1 to 26: 2^height leaves
 */
public record HeapTree(int height) {
  public static final int ROOT = 1;

  /** The ranks of the subset difference method fill 32 bits at this height. */
  public static final int MAX_HEIGHT = 26;

  public HeapTree {
    if (height < 1 || height > MAX_HEIGHT) {
      throw new IllegalArgumentException("tree height " + height);
    }
  }

  public int leaves() {
    return 1 << height;
  }

  /** The node of a leaf, counted from the left, first 0. */
  public int node(LeafIndex leaf) {
    if (leaf.position() >= leaves()) {
      throw new IllegalArgumentException("leaf " + leaf.position() + " of " + leaves());
    }
    return leaves() + leaf.position();
  }

  public boolean contains(int node) {
    return node >= ROOT && node < 2 * leaves();
  }

  public boolean isLeaf(int node) {
    return node >= leaves();
  }

  /** Edges from the root to {@code node}. */
  public static int depth(int node) {
    return 31 - Integer.numberOfLeadingZeros(node);
  }

  /** Whether {@code above} is {@code node} or one of its ancestors. */
  public static boolean isAtOrAbove(int above, int node) {
    int steps = depth(node) - depth(above);
    return steps >= 0 && node >>> steps == above;
  }

  /** The child of {@code above} on the way down to {@code node}. */
  public static int childTowards(int above, int node) {
    return node >>> (depth(node) - depth(above) - 1);
  }

  /** The lowest node that has both below it, or is one of them. */
  public static int lowestCommonAncestor(int a, int b) {
    int depth = Math.min(depth(a), depth(b));
    int left = a >>> (depth(a) - depth);
    int right = b >>> (depth(b) - depth);
    int apart = 32 - Integer.numberOfLeadingZeros(left ^ right);
    return left >>> apart;
  }
}
