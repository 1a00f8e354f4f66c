package org.keyfleet.protocol.keytree;

/** Revoked leaves as an ascending array, and which of them are below which child. */
final class RevokedLeaves {
  private RevokedLeaves() {}

  static void require(HeapTree tree, int[] revoked) {
    for (int i = 0; i < revoked.length; i++) {
      if (revoked[i] < 0
          || revoked[i] >= tree.leaves()
          || (i > 0 && revoked[i] <= revoked[i - 1])) {
        throw new IllegalArgumentException(
            "revoked leaves are ascending and below " + tree.leaves() + ", not " + revoked[i]);
      }
    }
  }

  /**
   * The first index in {@code from} to {@code to} that is below the right child of {@code node}.
   */
  static int split(HeapTree tree, int[] revoked, int node, int from, int to) {
    int depthOfChild = HeapTree.depth(node) + 1;
    int firstRight = ((2 * node + 1) << (tree.height() - depthOfChild)) - tree.leaves();
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (revoked[middle] < firstRight) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
