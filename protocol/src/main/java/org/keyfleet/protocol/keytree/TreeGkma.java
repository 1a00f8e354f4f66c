package org.keyfleet.protocol.keytree;

import java.util.Collection;
import java.util.function.ToLongFunction;

/**
 * A group key management algorithm on a tree of keys that change: what a rekey has to do when
 * members come and go. A member follows each of them along its key path (RFC 9838 section 3.3).
 */
public enum TreeGkma {
  /** {@link Lkh}. */
  LKH {
    @Override
    public RekeyPlan plan(
        LeafSet before,
        MembershipChange change,
        TreeShape shape,
        ToLongFunction<NodeIndex> keyIds) {
      return Lkh.plan(before, change, shape);
    }

    @Override
    public RekeyPlan refresh(
        LeafSet members, Collection<LeafIndex> leaves, ToLongFunction<NodeIndex> keyIds) {
      return Lkh.refresh(members, leaves);
    }
  },

  /** {@link Ofc}. */
  OFC {
    @Override
    public RekeyPlan plan(
        LeafSet before,
        MembershipChange change,
        TreeShape shape,
        ToLongFunction<NodeIndex> keyIds) {
      return Ofc.plan(before, change, shape, keyIds);
    }

    @Override
    public RekeyPlan refresh(
        LeafSet members, Collection<LeafIndex> leaves, ToLongFunction<NodeIndex> keyIds) {
      return Ofc.refresh(members, leaves, keyIds);
    }
  };

  /**
   * Plans one rekey.
   *
   * @param before who is in the tree now; not changed
   * @param change who comes and goes
   * @param shape the tree after the change: same degree, at least as high
   * @param keyIds the Key ID now of a node that keeps its key
   */
  public abstract RekeyPlan plan(
      LeafSet before, MembershipChange change, TreeShape shape, ToLongFunction<NodeIndex> keyIds);

  /**
   * Renews the paths of members that stay, as if they had been exposed (`heal-interval` of the
   * policy): like a join on the same leaf, but the member learns its path from the message, and its
   * own key stays.
   */
  public abstract RekeyPlan refresh(
      LeafSet members, Collection<LeafIndex> leaves, ToLongFunction<NodeIndex> keyIds);

  /**
   * Whether inner keys are computed from those below them, so that a member's own key cannot change
   * without its path.
   */
  public boolean derives() {
    return this == OFC;
  }
}
