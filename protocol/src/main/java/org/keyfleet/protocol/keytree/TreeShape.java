package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.List;

/**
 * Degree and height of a complete d-ary tree (LKH: RFC 2627 section 5.4; its use with G-IKEv2: RFC
 * 9838 appendix A). With degree 2 and height 3, nodes as level/position:
 *
 * <pre>
 *                     the SA key                      not a node: it is RFC 9838's K_sa
 *            +------------+------------+
 *           2/0                       2/1             top nodes: the SA key is wrapped under them
 *       +----+----+              +-----+----+
 *      1/0       1/1            1/2        1/3
 *     +-+-+     +-+-+          +-+-+      +-+-+
 *    0/0 0/1   0/2 0/3        0/4 0/5    0/6 0/7      leaves: one member's own key each
 * </pre>
 *
 * Index rule: the parent of {@code l/p} is {@code (l+1)/(p div d)}; the children of {@code l/p} are
 * {@code (l-1)/(p*d)} to {@code (l-1)/(p*d+d-1)}. Levels count from the leaves, so a tree that
 * grows by a level keeps the index of every node: the old SA key's place becomes node {@code h/0}.
 *
 * @param degree children of a node, 2 to 64
 * @param height levels of nodes, 1 or more, so that at most 2^24 members fit
 */
public record TreeShape(int degree, int height) {
  /** Ours: wider trees cost more wraps than they save path length. */
  public static final int MAX_DEGREE = 64;

  /** Ours: bounds what one group can cost in memory. */
  public static final int MAX_LEAVES = 1 << 24;

  public TreeShape {
    if (degree < 2 || degree > MAX_DEGREE) {
      throw new IllegalArgumentException("tree degree " + degree);
    }
    if (height < 1 || power(degree, height) > MAX_LEAVES) {
      throw new IllegalArgumentException("tree height " + height + " at degree " + degree);
    }
  }

  /** The lowest tree of {@code degree} that holds {@code members}. */
  public static TreeShape holding(int degree, int members) {
    TreeShape shape = new TreeShape(degree, 1);
    while (shape.leaves() < members) {
      shape = shape.grown();
    }
    return shape;
  }

  /** One level more: room for {@code degree} times as many members. */
  public TreeShape grown() {
    return new TreeShape(degree, height + 1);
  }

  /** How many members fit. */
  public int leaves() {
    return width(0);
  }

  /** How many nodes stand at {@code level}, 0 to height - 1. */
  public int width(int level) {
    if (level < 0 || level >= height) {
      throw new IllegalArgumentException("level " + level + " of " + height);
    }
    return (int) power(degree, height - level);
  }

  public boolean contains(NodeIndex node) {
    return node.level() < height && node.position() < width(node.level());
  }

  /** True when the SA key is wrapped under this node itself. */
  public boolean isTop(NodeIndex node) {
    return node.level() == height - 1;
  }

  /** The node above; a top node has none. */
  public NodeIndex parent(NodeIndex node) {
    require(node);
    if (isTop(node)) {
      throw new IllegalArgumentException("node " + node + " is at the top");
    }
    return new NodeIndex(node.level() + 1, node.position() / degree);
  }

  /** The nodes directly below, from the left; none below a leaf. */
  public List<NodeIndex> children(NodeIndex node) {
    require(node);
    if (node.isLeaf()) {
      return List.of();
    }
    List<NodeIndex> children = new ArrayList<>(degree);
    for (int i = 0; i < degree; i++) {
      children.add(new NodeIndex(node.level() - 1, node.position() * degree + i));
    }
    return children;
  }

  /** The nodes that the SA key is wrapped under, from the left. */
  public List<NodeIndex> top() {
    List<NodeIndex> top = new ArrayList<>(degree);
    for (int i = 0; i < degree; i++) {
      top.add(new NodeIndex(height - 1, i));
    }
    return top;
  }

  /** A member's nodes from its leaf up to the top: {@code height} of them. */
  public List<NodeIndex> path(LeafIndex leaf) {
    require(leaf.node());
    List<NodeIndex> path = new ArrayList<>(height);
    int position = leaf.position();
    for (int level = 0; level < height; level++) {
      path.add(new NodeIndex(level, position));
      position /= degree;
    }
    return path;
  }

  private void require(NodeIndex node) {
    if (!contains(node)) {
      throw new IllegalArgumentException("node " + node + " is outside the tree");
    }
  }

  private static long power(int base, int exponent) {
    long result = 1;
    for (int i = 0; i < exponent && result <= MAX_LEAVES; i++) {
      result *= base;
    }
    return result;
  }
}
