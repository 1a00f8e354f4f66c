package org.keyfleet.protocol.keytree.vectors;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * LKH and one-way function chains: every node is asked about every leaf, for each event anew. Nodes
 * are {@code level/position}, levels counted from the leaves; the parent of l/p is l+1/(p div d).
 */
final class SlowKeyTree {
  private static final class NodeKey {
    private final long id;
    private final byte[] octets;

    NodeKey(long id, byte[] octets) {
      this.id = id;
      this.octets = octets;
    }
  }

  private final int degree;
  private final boolean chains;
  private final int keyOctets;
  private final byte[] seed;
  private final Map<String, NodeKey> keys = new HashMap<>();
  private Set<Integer> members = new TreeSet<>();
  private int height = 2;
  private long lastId;
  private int event;

  SlowKeyTree(int degree, boolean chains, int keyOctets, byte[] seed) {
    this.degree = degree;
    this.chains = chains;
    this.keyOctets = keyOctets;
    this.seed = seed;
  }

  Set<Integer> members() {
    return members;
  }

  /** One rekey; gives what stands in the file. */
  Map<String, Object> rekey(Set<Integer> evicted, Set<Integer> joined, Set<Integer> refreshed)
      throws GeneralSecurityException {
    event++;
    Set<Integer> staying = new TreeSet<>(members);
    staying.removeAll(evicted);
    Set<Integer> after = new TreeSet<>(staying);
    after.addAll(joined);
    int oldHeight = height;
    while (joined.stream().anyMatch(leaf -> leaf >= leavesBelow(height))) {
      height++;
    }

    List<String> renewed = new ArrayList<>();
    List<String> vacated = new ArrayList<>();
    for (int level = 0; level < height; level++) {
      for (int position = 0; position < leavesBelow(height - level); position++) {
        boolean grown = level >= oldHeight && position == 0 && !members.isEmpty();
        boolean touched =
            anyBelow(level, position, evicted)
                || anyBelow(level, position, joined)
                || (level > 0 && anyBelow(level, position, refreshed));
        if (grown || touched) {
          (anyBelow(level, position, after) ? renewed : vacated).add(level + "/" + position);
        }
      }
    }
    vacated.forEach(keys::remove);

    List<Object> newKeys = new ArrayList<>();
    Map<String, String> sources = new HashMap<>();
    for (String node : chains ? childrenFirst(renewed) : renewed) {
      newKeys.add(newKey(node, after, sources));
    }
    List<Object> wraps = new ArrayList<>();
    for (int i = renewed.size() - 1; i >= 0; i--) {
      String parent = renewed.get(i);
      for (String child : children(parent)) {
        if (anyBelow(level(child), position(child), staying)
            && !child.equals(sources.get(parent))) {
          wraps.add(wrap(key(child), key(parent)));
        }
      }
    }
    NodeKey groupKey = new NodeKey(0, SlowCrypto.chosen(seed, "group", event, keyOctets));
    List<Object> groupKeyWraps = new ArrayList<>();
    for (int top = 0; top < degree; top++) {
      if (anyBelow(height - 1, top, staying)) {
        groupKeyWraps.add(wrap(key(height - 1 + "/" + top), groupKey));
      }
    }
    members = after;
    return VectorJson.object(
        "evicted", List.copyOf(evicted),
        "joined", List.copyOf(joined),
        "refreshed", List.copyOf(refreshed),
        "height", height,
        "vacated", vacated,
        "keys", newKeys,
        "wraps", wraps,
        "groupKey", SlowCrypto.hex(groupKey.octets),
        "groupKeyWraps", groupKeyWraps);
  }

  private Map<String, Object> newKey(String node, Set<Integer> after, Map<String, String> sources)
      throws GeneralSecurityException {
    long id = ++lastId;
    if (!chains || level(node) == 0) {
      keys.put(node, new NodeKey(id, SlowCrypto.chosen(seed, "key", id, keyOctets)));
      return VectorJson.object("node", node, "keyId", id, "key", SlowCrypto.hex(key(node).octets));
    }
    String source = null;
    for (String child : children(node)) {
      if (anyBelow(level(child), position(child), after)
          && (source == null || key(child).id > key(source).id)) {
        source = child;
      }
    }
    Objects.requireNonNull(source);
    sources.put(node, source);
    byte[] label = "keyfleet chain 1".getBytes(StandardCharsets.US_ASCII);
    byte[] octets =
        SlowCrypto.derived(key(source).octets, keyOctets, label, SlowCrypto.fourOctets(id));
    keys.put(node, new NodeKey(id, octets));
    return VectorJson.object(
        "node", node, "keyId", id, "key", SlowCrypto.hex(octets), "from", key(source).id);
  }

  private Map<String, Object> wrap(NodeKey under, NodeKey key) throws GeneralSecurityException {
    return VectorJson.object(
        "keyId",
        key.id,
        "kwkId",
        under.id,
        "wrapped",
        SlowCrypto.hex(SlowCrypto.wrapped(under.octets, key.octets)));
  }

  /** The same nodes, each behind those below it, the subtrees from the left. */
  private List<String> childrenFirst(List<String> nodes) {
    List<String> ordered = new ArrayList<>();
    for (int top = 0; top < degree; top++) {
      collect(height - 1 + "/" + top, nodes, ordered);
    }
    return ordered;
  }

  private void collect(String node, List<String> nodes, List<String> ordered) {
    for (String child : children(node)) {
      collect(child, nodes, ordered);
    }
    if (nodes.contains(node)) {
      ordered.add(node);
    }
  }

  private List<String> children(String node) {
    List<String> children = new ArrayList<>();
    for (int i = 0; i < degree && level(node) > 0; i++) {
      children.add(level(node) - 1 + "/" + (position(node) * degree + i));
    }
    return children;
  }

  private boolean anyBelow(int level, int position, Set<Integer> leaves) {
    return leaves.stream().anyMatch(leaf -> leaf / leavesBelow(level) == position);
  }

  private int leavesBelow(int level) {
    int leaves = 1;
    for (int i = 0; i < level; i++) {
      leaves *= degree;
    }
    return leaves;
  }

  private NodeKey key(String node) {
    return Objects.requireNonNull(keys.get(node), node);
  }

  private static int level(String node) {
    return Integer.parseInt(node.substring(0, node.indexOf('/')));
  }

  private static int position(String node) {
    return Integer.parseInt(node.substring(node.indexOf('/') + 1));
  }
}
