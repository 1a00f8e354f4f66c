package org.keyfleet.protocol.keytree;

import java.util.List;
import java.util.Set;

/**
 * What one rekey does to the tree. The plan is data: whoever owns the keys executes it.
 *
 * @param shape the tree after the change
 * @param renewed nodes that get a new key and a new Key ID, in the order in which they get them,
 *     leaves of joiners among them; every node behind all nodes below it
 * @param vacated nodes that nobody is below any more: they lose their key
 * @param derivations renewed nodes whose key everybody below the child computes by himself, in the
 *     order of {@code renewed}; none with LKH
 * @param wraps what the others that stay need to learn the renewed keys; top level first, as RFC
 *     9838 appendix A.4 prints them
 * @param top nodes that the SA key (or, with strict custody, the releaser key) is wrapped under for
 *     the members that stay
 */
public record RekeyPlan(
    TreeShape shape,
    Set<NodeIndex> renewed,
    Set<NodeIndex> vacated,
    List<Derivation> derivations,
    List<Wrap> wraps,
    List<NodeIndex> top) {
  /** Wrapped keys in the rekey message, one per top node for the SA key included. */
  public int wrapCount() {
    return wraps.size() + top.size();
  }
}
