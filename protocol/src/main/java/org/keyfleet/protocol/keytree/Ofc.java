package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * One-way function chains (Canetti, Garay, Itkis, Micciancio, Naor, Pinkas: Multicast Security: A
 * Taxonomy and Some Efficient Constructions, INFOCOM 1999, section 3), in a variant that needs no
 * random value of its own: the key of a node is computed one-way from the key of one of its
 * children. Whoever has that child's key computes upwards; only those under the other children need
 * a wrap. Taking F out of RFC 9838's figure 22:
 *
 * <pre>
 *                    SA key'                      wraps: 2/1'{SA key'}, 2/0{SA key'},
 *            +----------+----------+                     1/3{2/1'}
 *           2/0                  [2/1']           derived: 0/4 -> 1/2' -> 2/1'
 *       +----+----+           +----+----+
 *      1/0       1/1       [1/2']      1/3        1/2 is computed from E's own key:
 *     +-+-+     +-+-+      +-+-+      +-+-+       nobody but E is left below it
 *     A   B     C   D      E   x      G   H
 * </pre>
 *
 * One eviction from a full binary tree costs exactly {@code log2 N} wraps, the SA key's two among
 * them; LKH takes {@code 2 log2 N - 1}. At degree d it is {@code (d-1) log_d N}, so only degree 2
 * pays.
 *
 * <p><b>Which child.</b> The one with the largest Key ID that somebody is below. New keys get
 * larger Key IDs than all before, a node gets its own behind all below it, and whatever changes
 * below a node renews it: so the rule that chose the child still finds it at any later time, and a
 * key server needs the Key IDs alone to compute every key, from the leaves' keys.
 */
public final class Ofc {
  private final TreeChange change;
  private final ToLongFunction<NodeIndex> keyIds;
  private final Set<NodeIndex> renewed = new LinkedHashSet<>();
  private final List<Derivation> derivations = new ArrayList<>();
  private final TreeMap<NodeIndex, NodeIndex> sourceOf = new TreeMap<>();

  private Ofc(TreeChange change, ToLongFunction<NodeIndex> keyIds) {
    this.change = change;
    this.keyIds = keyIds;
  }

  /**
   * Plans one rekey.
   *
   * @param before who is in the tree now; not changed
   * @param change who comes and goes
   * @param shape the tree after the change: same degree, at least as high
   * @param keyIds the Key ID now of a node that keeps its key
   */
  public static RekeyPlan plan(
      LeafSet before, MembershipChange change, TreeShape shape, ToLongFunction<NodeIndex> keyIds) {
    // a joiner's leaf has the largest Key ID below its parent: the path is renewed in any case
    MembershipChange renewing = new MembershipChange(change.evicted(), change.joined(), true);
    return new Ofc(TreeChange.of(before, renewing, shape), keyIds).plan();
  }

  /** Renews the paths of members that stay; see {@link Lkh#refresh}. */
  public static RekeyPlan refresh(
      LeafSet members, Collection<LeafIndex> leaves, ToLongFunction<NodeIndex> keyIds) {
    return new Ofc(TreeChange.refresh(members, leaves), keyIds).plan();
  }

  /**
   * The child whose key a node's key is computed from.
   *
   * @param members who is in the tree
   * @param node an inner node that somebody is below
   * @param keyIds the Key ID of a node that somebody is below
   */
  public static NodeIndex source(
      Occupancy members, NodeIndex node, ToLongFunction<NodeIndex> keyIds) {
    NodeIndex source = null;
    long largest = -1;
    for (NodeIndex child : members.shape().children(node)) {
      if (members.anyBelow(child) && keyIds.applyAsLong(child) > largest) {
        source = child;
        largest = keyIds.applyAsLong(child);
      }
    }
    if (source == null) {
      throw new IllegalArgumentException("nobody is below node " + node);
    }
    return source;
  }

  private RekeyPlan plan() {
    for (NodeIndex top : change.after().shape().top()) {
      visit(top);
    }
    return new RekeyPlan(
        change.after().shape(),
        Collections.unmodifiableSet(renewed),
        Collections.unmodifiableSet(change.vacated()),
        List.copyOf(derivations),
        wraps(),
        change.top());
  }

  /** Children first, so that a chain's Key IDs follow each other without a gap. */
  private void visit(NodeIndex node) {
    if (!change.renewed().contains(node)) {
      return;
    }
    NodeIndex lastRenewed = null;
    for (NodeIndex child : change.after().shape().children(node)) {
      visit(child);
      lastRenewed = change.renewed().contains(child) ? child : lastRenewed;
    }
    renewed.add(node);
    if (!node.isLeaf()) {
      NodeIndex source = lastRenewed != null ? lastRenewed : source(change.after(), node, keyIds);
      sourceOf.put(node, source);
      derivations.add(new Derivation(source, node));
    }
  }

  private List<Wrap> wraps() {
    List<Wrap> wraps = new ArrayList<>();
    for (NodeIndex parent : sourceOf.descendingKeySet()) {
      for (NodeIndex child : change.after().shape().children(parent)) {
        if (change.staying().anyBelow(child) && !child.equals(sourceOf.get(parent))) {
          wraps.add(new Wrap(child, parent));
        }
      }
    }
    return Collections.unmodifiableList(wraps);
  }
}
