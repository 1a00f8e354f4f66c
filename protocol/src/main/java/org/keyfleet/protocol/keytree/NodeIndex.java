package org.keyfleet.protocol.keytree;

/**
 * A key-encrypting key's place in the tree: a leaf (level 0) or an inner node. {@link TreeShape}
 * draws the numbering; a node keeps its index when the tree grows.
 *
 * @param level height over the leaves
 * @param position from the left within the level, first 0
 */
public record NodeIndex(int level, int position) implements Comparable<NodeIndex> {
  public NodeIndex {
    if (level < 0 || position < 0) {
      throw new IllegalArgumentException("node " + level + "/" + position);
    }
  }

  public boolean isLeaf() {
    return level == 0;
  }

  /** Bottom level first, then from the left: every node stands behind all nodes below it. */
  @Override
  public int compareTo(NodeIndex other) {
    return level == other.level
        ? Integer.compare(position, other.position)
        : Integer.compare(level, other.level);
  }

  @Override
  public String toString() {
    return level + "/" + position;
  }
}
