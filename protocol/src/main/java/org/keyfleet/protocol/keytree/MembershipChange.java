package org.keyfleet.protocol.keytree;

import java.util.Set;

/**
 * Who comes and goes in one rekey. A leaf may stand in both sets: its member leaves and another one
 * takes the place.
 *
 * @param evicted leaves taken before
 * @param joined leaves free before, or evicted with this change
 * @param backwardAccessControl renew the joiners' paths, so that they cannot open what was sent
 *     before they came (RFC 9838 section 3)
 */
public record MembershipChange(
    Set<LeafIndex> evicted, Set<LeafIndex> joined, boolean backwardAccessControl) {
  public MembershipChange {
    evicted = Set.copyOf(evicted);
    joined = Set.copyOf(joined);
  }

  public static MembershipChange evict(LeafIndex... leaves) {
    return new MembershipChange(Set.of(leaves), Set.of(), true);
  }

  public static MembershipChange join(LeafIndex... leaves) {
    return new MembershipChange(Set.of(), Set.of(leaves), true);
  }

  /** Nobody comes or goes: a rekey in which no node changes. */
  public static MembershipChange none() {
    return new MembershipChange(Set.of(), Set.of(), true);
  }
}
