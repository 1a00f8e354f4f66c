package org.keyfleet.protocol.keytree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;

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
    return plan(TreeChange.of(before, change, shape));
  }

  /**
   * Renews the paths of members that stay, as if they had been exposed (`heal-interval` of the
   * policy): like a join on the same leaf, but the member learns its path from the message, and its
   * own key stays.
   */
  public static RekeyPlan refresh(LeafSet members, Collection<LeafIndex> leaves) {
    return plan(TreeChange.refresh(members, leaves));
  }

  private static RekeyPlan plan(TreeChange change) {
    return new RekeyPlan(
        change.staying().shape(),
        Collections.unmodifiableSet(change.renewed()),
        Collections.unmodifiableSet(change.vacated()),
        List.of(),
        wraps(change.renewed(), change.staying()),
        change.top());
  }

  private static List<Wrap> wraps(NavigableSet<NodeIndex> renewed, Occupancy staying) {
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
}
