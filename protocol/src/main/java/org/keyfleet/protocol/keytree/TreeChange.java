package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which nodes one change touches, whatever algorithm then renews them: the paths of those who come
 * and go, and what a grown tree has new at its top.
 *
 * @param staying who is in the tree before and after
 * @param after who is in the tree after
 * @param renewed nodes that get a new key; bottom level first
 * @param vacated nodes that lose their key
 */
record TreeChange(
    Occupancy staying, Occupancy after, TreeSet<NodeIndex> renewed, TreeSet<NodeIndex> vacated) {

  static TreeChange of(LeafSet before, MembershipChange change, TreeShape shape) {
    ChangedSet staying = new ChangedSet(before, shape);
    remove(staying, change.evicted());
    ChangedSet after = staying.copy();
    add(after, change.joined());

    TreeSet<NodeIndex> touched = new TreeSet<>();
    change.evicted().forEach(leaf -> touched.addAll(shape.path(leaf)));
    change.joined().forEach(leaf -> touched.addAll(joinerPath(before, change, shape, leaf)));
    touched.addAll(grownAbove(before, shape));

    TreeSet<NodeIndex> renewed = new TreeSet<>();
    TreeSet<NodeIndex> vacated = new TreeSet<>();
    for (NodeIndex node : touched) {
      (after.anyBelow(node) ? renewed : vacated).add(node);
    }
    return new TreeChange(staying, after, renewed, vacated);
  }

  /** Nobody comes or goes; the paths above {@code leaves} are new, their own keys stay. */
  static TreeChange refresh(LeafSet members, Collection<LeafIndex> leaves) {
    TreeSet<NodeIndex> renewed = new TreeSet<>();
    for (LeafIndex leaf : leaves) {
      if (!members.contains(leaf)) {
        throw new IllegalArgumentException("leaf " + leaf.position() + " is free");
      }
      List<NodeIndex> path = members.shape().path(leaf);
      renewed.addAll(path.subList(1, path.size()));
    }
    return new TreeChange(members, members, renewed, new TreeSet<>());
  }

  /** The top nodes below which somebody stays. */
  List<NodeIndex> top() {
    return staying.shape().top().stream().filter(staying::anyBelow).toList();
  }

  /**
   * Without backward access control a joiner gets keys in use; only empty nodes get a first one.
   */
  private static Collection<NodeIndex> joinerPath(
      LeafSet before, MembershipChange change, TreeShape shape, LeafIndex leaf) {
    List<NodeIndex> path = shape.path(leaf);
    if (change.backwardAccessControl()) {
      return path;
    }
    return path.stream().filter(node -> node.isLeaf() || !hadKey(before, node)).toList();
  }

  private static boolean hadKey(LeafSet before, NodeIndex node) {
    return before.shape().contains(node) && before.anyBelow(node);
  }

  /** Nodes that stand where the SA key stood, and above: a grown tree has no keys there yet. */
  private static Collection<NodeIndex> grownAbove(LeafSet before, TreeShape shape) {
    if (before.size() == 0) {
      return List.of();
    }
    List<NodeIndex> fresh = new ArrayList<>();
    for (int level = before.shape().height(); level < shape.height(); level++) {
      fresh.add(new NodeIndex(level, 0));
    }
    return fresh;
  }

  private static void remove(ChangedSet set, Set<LeafIndex> leaves) {
    for (LeafIndex leaf : leaves) {
      if (!set.contains(leaf)) {
        throw new IllegalArgumentException("leaf " + leaf.position() + " is free");
      }
      set.remove(leaf);
    }
  }

  private static void add(ChangedSet set, Set<LeafIndex> leaves) {
    for (LeafIndex leaf : leaves) {
      if (set.contains(leaf)) {
        throw new IllegalArgumentException("leaf " + leaf.position() + " is taken");
      }
      set.add(leaf);
    }
  }
}
