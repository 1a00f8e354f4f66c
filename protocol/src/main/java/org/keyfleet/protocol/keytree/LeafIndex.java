package org.keyfleet.protocol.keytree;

/**
 * The place of one member at the bottom of the tree.
 *
 * @param position from the left, first 0
 */
public record LeafIndex(int position) implements Comparable<LeafIndex> {
  public LeafIndex {
    if (position < 0) {
      throw new IllegalArgumentException("leaf " + position);
    }
  }

  /** The node that holds the member's own key. */
  public NodeIndex node() {
    return new NodeIndex(0, position);
  }

  @Override
  public int compareTo(LeafIndex other) {
    return Integer.compare(position, other.position);
  }
}
