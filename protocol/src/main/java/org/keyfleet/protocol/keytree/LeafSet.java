package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which leaves of a tree are taken, with one bit for every node: some 1.4 bits a leaf at degree 4.
 * Not safe for use by more than one thread.
 */
public final class LeafSet implements Occupancy {
  private final TreeShape shape;
  private final List<BitSet> takenByLevel;
  private int size;

  private LeafSet(TreeShape shape, List<BitSet> takenByLevel) {
    this.shape = shape;
    this.takenByLevel = takenByLevel;
    this.size = takenByLevel.get(0).cardinality();
  }

  public static LeafSet empty(TreeShape shape) {
    List<BitSet> levels = new ArrayList<>(shape.height());
    for (int level = 0; level < shape.height(); level++) {
      levels.add(new BitSet());
    }
    return new LeafSet(shape, levels);
  }

  public static LeafSet of(TreeShape shape, Collection<LeafIndex> leaves) {
    LeafSet set = empty(shape);
    leaves.forEach(set::add);
    return set;
  }

  @Override
  public TreeShape shape() {
    return shape;
  }

  /** How many leaves are taken. */
  public int size() {
    return size;
  }

  public boolean contains(LeafIndex leaf) {
    return takenByLevel.get(0).get(leaf.position());
  }

  @Override
  public boolean anyBelow(NodeIndex node) {
    return takenByLevel.get(node.level()).get(node.position());
  }

  /** The same for a node of a larger tree that this one is the left end of. */
  boolean anyBelowOrAbove(NodeIndex node) {
    return node.level() < shape.height() ? anyBelow(node) : node.position() == 0 && size > 0;
  }

  /** The first leaf that is free, at or behind {@code from}. */
  public OptionalInt firstFree(int from) {
    int free = takenByLevel.get(0).nextClearBit(from);
    return free < shape.leaves() ? OptionalInt.of(free) : OptionalInt.empty();
  }

  public void add(LeafIndex leaf) {
    if (!contains(leaf)) {
      size++;
    }
    for (NodeIndex node : shape.path(leaf)) {
      takenByLevel.get(node.level()).set(node.position());
    }
  }

  public void remove(LeafIndex leaf) {
    if (contains(leaf)) {
      size--;
    }
    for (NodeIndex node : shape.path(leaf)) {
      if (!node.isLeaf() && shape.children(node).stream().anyMatch(this::anyBelow)) {
        return;
      }
      takenByLevel.get(node.level()).clear(node.position());
    }
  }

  public LeafSet copy() {
    return resized(shape);
  }

  /** A copy in a tree of the same degree that is at least as high; the leaves keep their places. */
  public LeafSet resized(TreeShape larger) {
    if (larger.degree() != shape.degree() || larger.height() < shape.height()) {
      throw new IllegalArgumentException("from " + shape + " to " + larger);
    }
    List<BitSet> levels = new ArrayList<>(larger.height());
    takenByLevel.forEach(level -> levels.add((BitSet) level.clone()));
    while (levels.size() < larger.height()) {
      BitSet above = new BitSet();
      above.set(0, size() > 0);
      levels.add(above);
    }
    return new LeafSet(larger, levels);
  }

  /** The taken leaves from the left. */
  public List<LeafIndex> leaves() {
    return takenByLevel.get(0).stream().mapToObj(LeafIndex::new).toList();
  }
}
