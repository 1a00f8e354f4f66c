package org.keyfleet.protocol.keytree;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A set of leaves with a few of them changed, in a tree that may have grown: it holds what differs
 * along the changed paths and no copy, so that planning one eviction costs the same in a group of a
 * million.
 */
final class ChangedSet implements Occupancy {
  private final LeafSet base;
  private final TreeShape shape;
  private final Map<NodeIndex, Boolean> changed;

  ChangedSet(LeafSet base, TreeShape shape) {
    if (shape.degree() != base.shape().degree() || shape.height() < base.shape().height()) {
      throw new IllegalArgumentException("from " + base.shape() + " to " + shape);
    }
    this.base = base;
    this.shape = shape;
    this.changed = new HashMap<>();
  }

  private ChangedSet(ChangedSet before) {
    this.base = before.base;
    this.shape = before.shape;
    this.changed = new HashMap<>(before.changed);
  }

  ChangedSet copy() {
    return new ChangedSet(this);
  }

  @Override
  public TreeShape shape() {
    return shape;
  }

  @Override
  public boolean anyBelow(NodeIndex node) {
    Boolean now = changed.get(node);
    return now != null ? now : base.anyBelowOrAbove(node);
  }

  boolean contains(LeafIndex leaf) {
    return anyBelow(leaf.node());
  }

  void add(LeafIndex leaf) {
    shape.path(leaf).forEach(node -> changed.put(node, true));
  }

  void remove(LeafIndex leaf) {
    List<NodeIndex> path = shape.path(leaf);
    changed.put(path.get(0), false);
    for (NodeIndex node : path.subList(1, path.size())) {
      if (shape.children(node).stream().anyMatch(this::anyBelow)) {
        return;
      }
      changed.put(node, false);
    }
  }
}
