package org.keyfleet.gcks.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.keyfleet.gcks.store.NodeRow;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.Ofc;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.keytree.TreeShape;

/**
 * The Key IDs of one group's tree: four octets and a bit a node, no key. A change is planned first
 * ({@link #plan}) and applied when it is durable ({@link #apply}).
 */
final class KeyTree {
  /** Room for the position of any node of any level: {@link TreeShape#MAX_LEAVES} is 2^24. */
  private static final int POSITION_BITS = 25;

  /** A new group starts with this many levels and grows when it is full. */
  private static final int FIRST_HEIGHT = 2;

  private final TreeGkma gkma;
  private LeafSet leaves;
  private int[][] keyIds;

  private KeyTree(TreeGkma gkma, LeafSet leaves, int[][] keyIds) {
    this.gkma = gkma;
    this.leaves = leaves;
    this.keyIds = keyIds;
  }

  static KeyTree empty(TreeGkma gkma, int degree) {
    return new KeyTree(gkma, LeafSet.empty(new TreeShape(degree, FIRST_HEIGHT)), new int[0][]);
  }

  /** The tree as stored; a leaf is taken when its node has a key. */
  static KeyTree of(TreeGkma gkma, TreeShape shape, Iterable<NodeRow> rows) {
    KeyTree tree = new KeyTree(gkma, LeafSet.empty(shape), new int[0][]);
    for (NodeRow row : rows) {
      NodeIndex node = node(row.node());
      tree.put(node, row.keyId());
      if (node.isLeaf()) {
        tree.leaves.add(new LeafIndex(node.position()));
      }
    }
    return tree;
  }

  TreeShape shape() {
    return leaves.shape();
  }

  int members() {
    return leaves.size();
  }

  boolean contains(LeafIndex leaf) {
    return leaf.position() < shape().leaves() && leaves.contains(leaf);
  }

  /** The Key ID of a node that has a key. */
  long keyId(NodeIndex node) {
    int id = at(node);
    if (id == 0) {
      throw new IllegalArgumentException("node " + node + " has no key");
    }
    return Integer.toUnsignedLong(id);
  }

  /**
   * How the key of a node comes about: notes which key it is computed from, and that one, down to
   * one that is not. Notes nothing with algorithms whose keys are independent.
   *
   * @param into Key ID to Key ID of the key below
   */
  void noteOrigin(NodeIndex node, Map<Long, Long> into) {
    NodeIndex at = node;
    while (gkma.derives() && !at.isLeaf() && !into.containsKey(keyId(at))) {
      NodeIndex source = Ofc.source(leaves, at, this::keyId);
      into.put(keyId(at), keyId(source));
      at = source;
    }
  }

  /** Nodes of a member from its leaf to the top. */
  List<NodeIndex> path(LeafIndex leaf) {
    return shape().path(leaf);
  }

  /**
   * Free leaves for joiners, those of {@code evicted} members first, in the tree as it must grow.
   */
  List<LeafIndex> freeLeaves(int count, Collection<LeafIndex> evicted) {
    List<LeafIndex> free = new ArrayList<>(new TreeSet<>(evicted));
    int from = 0;
    while (free.size() < count) {
      OptionalInt next = from < shape().leaves() ? leaves.firstFree(from) : OptionalInt.empty();
      int position = next.orElse(Math.max(from, shape().leaves()));
      free.add(new LeafIndex(position));
      from = position + 1;
    }
    return List.copyOf(free.subList(0, count));
  }

  RekeyPlan plan(MembershipChange change) {
    TreeShape shape = shape();
    for (LeafIndex leaf : change.joined()) {
      while (leaf.position() >= shape.leaves()) {
        shape = shape.grown();
      }
    }
    return gkma.plan(leaves, change, shape, this::keyId);
  }

  RekeyPlan refresh(Collection<LeafIndex> members) {
    return gkma.refresh(leaves, members, this::keyId);
  }

  /** Taken leaves from {@code from} on, at most {@code count}; starts over at the first. */
  List<LeafIndex> nextLeaves(int from, int count) {
    List<LeafIndex> all = leaves.leaves();
    List<LeafIndex> next = new ArrayList<>();
    int start = 0;
    while (start < all.size() && all.get(start).position() < from) {
      start++;
    }
    for (int i = 0; i < Math.min(count, all.size()); i++) {
      next.add(all.get((start + i) % all.size()));
    }
    return next;
  }

  /**
   * Makes a planned change.
   *
   * @param fresh the new Key IDs of the plan's renewed nodes
   */
  void apply(RekeyPlan plan, MembershipChange change, Map<NodeIndex, Long> fresh) {
    leaves = leaves.resized(plan.shape());
    change.evicted().forEach(leaves::remove);
    change.joined().forEach(leaves::add);
    plan.vacated().forEach(node -> put(node, 0));
    fresh.forEach(this::put);
  }

  /** Gives a member's own key a new Key ID. */
  void renewLeaf(LeafIndex leaf, long keyId) {
    put(leaf.node(), keyId);
  }

  /** What {@link #apply} would change, for the store. */
  static List<NodeRow> rows(Set<NodeIndex> vacated, Map<NodeIndex, Long> fresh) {
    List<NodeRow> rows = new ArrayList<>();
    vacated.forEach(node -> rows.add(new NodeRow(number(node), 0)));
    new TreeMap<>(fresh).forEach((node, id) -> rows.add(new NodeRow(number(node), id)));
    return rows;
  }

  private int at(NodeIndex node) {
    if (node.level() >= keyIds.length || node.position() >= keyIds[node.level()].length) {
      return 0;
    }
    return keyIds[node.level()][node.position()];
  }

  private void put(NodeIndex node, long keyId) {
    if (node.level() >= keyIds.length) {
      int[][] more = new int[node.level() + 1][];
      System.arraycopy(keyIds, 0, more, 0, keyIds.length);
      for (int level = keyIds.length; level < more.length; level++) {
        more[level] = new int[0];
      }
      keyIds = more;
    }
    int[] level = keyIds[node.level()];
    if (node.position() >= level.length) {
      int room = Math.max(node.position() + 1, level.length * 2);
      level = java.util.Arrays.copyOf(level, room);
      keyIds[node.level()] = level;
    }
    level[node.position()] = (int) keyId;
  }

  static int number(NodeIndex node) {
    return node.level() << POSITION_BITS | node.position();
  }

  private static NodeIndex node(int number) {
    return new NodeIndex(number >>> POSITION_BITS, number & ((1 << POSITION_BITS) - 1));
  }
}
