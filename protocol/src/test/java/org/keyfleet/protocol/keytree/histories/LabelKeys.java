package org.keyfleet.protocol.keytree.histories;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.Subset;
import org.keyfleet.protocol.keytree.SubsetDifference;
import org.keyfleet.protocol.keytree.SubsetLabels;

/**
 * Subset difference: LABEL(i, j) leads to those of the children of j and to the key of S(i, j), as
 * docs/protocol-extensions.md derives them; all labels of all i, as one tree of arrows each.
 */
final class LabelKeys implements StatelessKeys {
  private final HeapTree tree;
  private final Adversary adversary;
  private final Map<Subset, Key> labels = new HashMap<>();
  private final Map<Subset, Key> keys = new HashMap<>();

  LabelKeys(HeapTree tree, Adversary adversary) {
    this.tree = tree;
    this.adversary = adversary;
    add(Subset.ALL);
    for (int i = HeapTree.ROOT; i < tree.leaves(); i++) {
      grow(i, 2 * i);
      grow(i, 2 * i + 1);
    }
  }

  private void grow(int i, int j) {
    Key label = add(new Subset(i, j));
    if (!tree.isLeaf(j)) {
      grow(i, 2 * j);
      grow(i, 2 * j + 1);
      adversary.opens(label, label(new Subset(i, 2 * j)));
      adversary.opens(label, label(new Subset(i, 2 * j + 1)));
    }
  }

  private Key add(Subset subset) {
    Key label = Key.kek(labels.size());
    labels.put(subset, label);
    Key key = Key.kek(keys.size());
    keys.put(subset, key);
    adversary.opens(label, key);
    return label;
  }

  /** LABEL(i, j) stands as S(i, j). */
  Key label(Subset subset) {
    return Objects.requireNonNull(labels.get(subset));
  }

  @Override
  public HeapTree tree() {
    return tree;
  }

  @Override
  public List<Key> held(LeafIndex leaf) {
    return SubsetLabels.held(tree, leaf).stream().map(this::label).toList();
  }

  @Override
  public List<Key> cover(int[] revoked) {
    return SubsetDifference.cover(tree, revoked).stream()
        .map(subset -> Objects.requireNonNull(keys.get(subset)))
        .toList();
  }

  @Override
  public int size() {
    return labels.size() + keys.size();
  }
}
