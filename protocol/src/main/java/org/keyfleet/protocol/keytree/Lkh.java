package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Logical Key Hierarchy (RFC 2627 section 5.4) for any degree, single changes and batches. Taking F
 * out of RFC 9838's figure 22 renews the nodes above F; each renewed key travels under each child
 * that somebody is left below:
 *
 * <pre>
 *                    SA key'                      wraps: top{SA key'} twice,
 *            +----------+----------+              2/1' under 1/2' and 1/3,
 *           2/0                  [2/1']           1/2' under 0/4
 *       +----+----+           +----+----+
 *      1/0       1/1       [1/2']      1/3
 *     +-+-+     +-+-+      +-+-+      +-+-+
 *     A   B     C   D      E   x      G   H
 * </pre>
 *
 * One eviction from a full tree costs {@code d*h - 1} wraps, about {@code d*log_d N}.
 */
public final class Lkh {
  private Lkh() {}

  /**
   * Plans one rekey.
   *
   * @param before who is in the tree now; not changed
   * @param change who comes and goes
   */
  public static RekeyPlan plan(LeafSet before, MembershipChange change) {
    return plan(before, change, before.shape());
  }

  /**
   * Plans one rekey that may let the tree grow.
   *
   * @param before who is in the tree now; not changed
   * @param change who comes and goes
   * @param shape the tree after the change: same degree, at least as high
   */
  public static RekeyPlan plan(LeafSet before, MembershipChange change, TreeShape shape) {
    LeafSet staying = before.resized(shape);
    remove(staying, change.evicted());
    LeafSet after = staying.copy();
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
    return new RekeyPlan(
        shape,
        Collections.unmodifiableSet(renewed),
        Collections.unmodifiableSet(vacated),
        wraps(renewed, staying),
        shape.top().stream().filter(staying::anyBelow).toList());
  }

  /**
   * Renews the paths of members that stay, as if they had been exposed (`heal-interval` of the
   * policy): like a join on the same leaf, but the member learns its path from the message, and its
   * own key stays.
   */
  public static RekeyPlan refresh(LeafSet members, Collection<LeafIndex> leaves) {
    TreeShape shape = members.shape();
    TreeSet<NodeIndex> renewed = new TreeSet<>();
    for (LeafIndex leaf : leaves) {
      requireTaken(members, leaf);
      renewed.addAll(shape.path(leaf).subList(1, shape.height()));
    }
    return new RekeyPlan(
        shape,
        Collections.unmodifiableSet(renewed),
        Set.of(),
        wraps(renewed, members),
        shape.top().stream().filter(members::anyBelow).toList());
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

  private static List<Wrap> wraps(NavigableSet<NodeIndex> renewed, LeafSet staying) {
    List<Wrap> wraps = new ArrayList<>();
    for (NodeIndex parent : renewed.descendingSet()) {
      for (NodeIndex child : staying.shape().children(parent)) {
        if (staying.anyBelow(child)) {
          wraps.add(new Wrap(child, parent));
        }
      }
    }
    return Collections.unmodifiableList(wraps);
  }

  private static void remove(LeafSet set, Set<LeafIndex> leaves) {
    for (LeafIndex leaf : leaves) {
      requireTaken(set, leaf);
      set.remove(leaf);
    }
  }

  private static void add(LeafSet set, Set<LeafIndex> leaves) {
    for (LeafIndex leaf : leaves) {
      if (set.contains(leaf)) {
        throw new IllegalArgumentException("leaf " + leaf.position() + " is taken");
      }
      set.add(leaf);
    }
  }

  private static void requireTaken(LeafSet set, LeafIndex leaf) {
    if (!set.contains(leaf)) {
      throw new IllegalArgumentException("leaf " + leaf.position() + " is free");
    }
  }
}
