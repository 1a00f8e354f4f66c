package org.keyfleet.protocol.keytree.vectors;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Complete subtree, subset difference and MARKS in a small tree, by looking at every node and every
 * pair. The root is node 1, the children of v are 2v and 2v+1, leaf m is node 2^height + m.
 */
final class SlowStateless {
  private static final int OCTETS = 32;

  private final int leaves;
  private final byte[] seed;

  SlowStateless(int height, byte[] seed) {
    this.leaves = 1 << height;
    this.seed = seed;
  }

  /** The largest subtrees without a revoked leaf. */
  List<Object> completeSubtree(Set<Integer> revoked, byte[] groupKey)
      throws GeneralSecurityException {
    List<Object> cover = new ArrayList<>();
    for (int node = 1; node < 2 * leaves; node++) {
      if (count(node, revoked) == 0 && (node == 1 || count(node / 2, revoked) > 0)) {
        byte[] key = SlowCrypto.chosen(seed, "node", node, OCTETS);
        cover.add(
            VectorJson.object(
                "node", node,
                "key", SlowCrypto.hex(key),
                "wrapped", SlowCrypto.hex(SlowCrypto.wrapped(key, groupKey))));
      }
    }
    return cover;
  }

  /**
   * The paper's loop (section 3.2): two leaves of the Steiner tree become one, until one is left.
   */
  List<Object> subsetDifference(Set<Integer> revoked, byte[] groupKey)
      throws GeneralSecurityException {
    Set<Integer> steiner = new TreeSet<>();
    revoked.forEach(leaf -> steiner.add(leaves + leaf));
    Set<Long> ranks = new TreeSet<>();
    while (steiner.size() > 1) {
      int v = leaves - 1;
      while (count(2 * v, steiner, 0) == 0 || count(2 * v + 1, steiner, 0) == 0) {
        v--;
      }
      for (int child = 2 * v; child <= 2 * v + 1; child++) {
        for (int node : List.copyOf(steiner)) {
          if (isBelow(node, child)) {
            steiner.remove(node);
            if (node != child) {
              ranks.add(rank(child, node));
            }
          }
        }
      }
      steiner.add(v);
    }
    if (steiner.isEmpty()) {
      ranks.add(1L);
    }
    for (int last : steiner) {
      if (last != 1) {
        ranks.add(rank(1, last));
      }
    }
    List<Object> cover = new ArrayList<>();
    for (long rank : ranks) {
      int[] pair = pair(rank);
      byte[] key = step(label(pair[0], pair[1]), "M");
      Map<String, Object> row = labelRow(pair[0], pair[1]);
      row.put("key", SlowCrypto.hex(key));
      row.put("wrapped", SlowCrypto.hex(SlowCrypto.wrapped(key, groupKey)));
      cover.add(row);
    }
    return cover;
  }

  /** The labels that a member is given, in their order. */
  List<Object> held(int leaf) throws GeneralSecurityException {
    List<Object> held = new ArrayList<>();
    held.add(labelRow(1, 0));
    for (int i = 1; i < leaves; i++) {
      for (int j = i + 1; j < 2 * leaves; j++) {
        int member = leaves + leaf;
        boolean hangsOff = isBelow(member, j / 2) && !isBelow(member, j);
        if (isBelow(member, i) && isBelow(j / 2, i) && hangsOff) {
          held.add(labelRow(i, j));
        }
      }
    }
    return held;
  }

  /** LABEL(i, i) of the inner nodes; first that of all members. */
  List<Object> rootLabels() throws GeneralSecurityException {
    List<Object> labels = new ArrayList<>();
    for (int i = 0; i < leaves; i++) {
      labels.add(SlowCrypto.hex(SlowCrypto.chosen(seed, "label", i, OCTETS)));
    }
    return labels;
  }

  /** The largest subtrees of periods that are all in the range, from the left. */
  List<Object> marks(int first, int last) {
    List<Object> seeds = new ArrayList<>();
    for (int period = first; period <= last; period++) {
      for (int node = 1; node < 2 * leaves; node++) {
        if (within(node, first, last)
            && (node == 1 || !within(node / 2, first, last))
            && isFirstBelow(period, node)) {
          seeds.add(node);
        }
      }
    }
    return seeds;
  }

  private boolean within(int node, int first, int last) {
    for (int period = 0; period < leaves; period++) {
      if (isBelow(leaves + period, node) && (period < first || period > last)) {
        return false;
      }
    }
    return true;
  }

  private boolean isFirstBelow(int period, int node) {
    return isBelow(leaves + period, node) && (period == 0 || !isBelow(leaves + period - 1, node));
  }

  private Map<String, Object> labelRow(int i, int j) throws GeneralSecurityException {
    return VectorJson.object(
        "i", i, "j", j, "rank", rank(i, j), "label", SlowCrypto.hex(label(i, j)));
  }

  private byte[] label(int i, int j) throws GeneralSecurityException {
    if (j == 0) {
      return SlowCrypto.chosen(seed, "label", 0, OCTETS);
    }
    if (j == i) {
      return SlowCrypto.chosen(seed, "label", i, OCTETS);
    }
    return step(label(i, j / 2), j % 2 == 0 ? "L" : "R");
  }

  private static byte[] step(byte[] label, String which) throws GeneralSecurityException {
    byte[] text = ("keyfleet sd 1 " + which).getBytes(StandardCharsets.US_ASCII);
    return SlowCrypto.derived(label, OCTETS, text);
  }

  /** Counted: all members, then every pair by i and then by j. */
  private long rank(int i, int j) {
    long rank = 1;
    while (pair(rank)[0] != i || pair(rank)[1] != j) {
      rank++;
    }
    return rank;
  }

  private int[] pair(long rank) {
    long count = 1;
    if (rank == count) {
      return new int[] {1, 0};
    }
    for (int i = 1; i < leaves; i++) {
      for (int j = i + 1; j < 2 * leaves; j++) {
        if (isBelow(j, i) && ++count == rank) {
          return new int[] {i, j};
        }
      }
    }
    throw new IllegalArgumentException("rank " + rank);
  }

  private int count(int root, Set<Integer> revoked) {
    return count(root, revoked, leaves);
  }

  private static int count(int root, Set<Integer> nodes, int offset) {
    return (int) nodes.stream().filter(node -> isBelow(offset + node, root)).count();
  }

  /** Whether {@code node} is {@code root} or below it. */
  private static boolean isBelow(int node, int root) {
    int at = node;
    while (at > root) {
      at /= 2;
    }
    return at == root;
  }
}
