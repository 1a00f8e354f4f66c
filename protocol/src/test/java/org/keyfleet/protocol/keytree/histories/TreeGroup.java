package org.keyfleet.protocol.keytree.histories;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.keyfleet.protocol.keytree.Derivation;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.LeafSet;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.keytree.TreeShape;
import org.keyfleet.protocol.keytree.Wrap;

/** The symbols of one group with a key tree: executes plans, and tells the adversary. */
final class TreeGroup {
  private final Adversary adversary = new Adversary();
  private final Map<NodeIndex, Key> keys = new HashMap<>();
  private final Map<LeafIndex, List<Key>> givenToMember = new TreeMap<>();
  private final List<TransientHost> hosts = new ArrayList<>();
  private LeafSet members;
  private Key groupKey = Key.ofGroup(0, 0);
  private long lastId;
  private int epoch;

  TreeGroup(TreeShape shape) {
    members = LeafSet.empty(shape);
  }

  LeafSet members() {
    return members;
  }

  long keyId(NodeIndex node) {
    return key(node).id;
  }

  /** Symbols so far. */
  long keys() {
    return lastId;
  }

  /** Hosts that still know something. */
  int hosts() {
    return hosts.size();
  }

  /**
   * Sends one rekey message and lets the joiners in.
   *
   * @param refreshed members whose path the plan is to renew though they stay
   * @return transient hosts that are shut out by it
   */
  int apply(RekeyPlan plan, MembershipChange change, Collection<LeafIndex> refreshed) {
    epoch++;
    change.evicted().forEach(leaf -> shutOut(Objects.requireNonNull(givenToMember.remove(leaf))));
    int healed = shutOutHosts(plan.shape().degree(), change, refreshed);

    plan.vacated().forEach(keys::remove);
    plan.renewed().forEach(node -> keys.put(node, Key.kek(++lastId)));
    for (Derivation derivation : plan.derivations()) {
      adversary.opens(key(derivation.child()), key(derivation.parent()));
    }
    for (Wrap wrap : plan.wraps()) {
      adversary.opens(key(wrap.child()), key(wrap.parent()));
    }
    groupKey = Key.ofGroup(++lastId, epoch);
    plan.top().forEach(top -> adversary.opens(key(top), groupKey));

    members = members.resized(plan.shape());
    change.evicted().forEach(members::remove);
    change.joined().forEach(members::add);
    change.joined().forEach(this::admit);
    judge();
    return healed;
  }

  /**
   * Somebody learns the group key and keys of a member's path: from {@code level} up, 0 with the
   * member's own; none at a level above the top.
   */
  void expose(LeafIndex leaf, int level, boolean oneKeyOnly) {
    List<NodeIndex> path = members.shape().path(leaf);
    List<NodeIndex> seen = path.subList(Math.min(level, path.size()), path.size());
    List<Key> known = new ArrayList<>();
    seen.forEach(node -> known.add(key(node)));
    known.add(groupKey);
    hosts.add(
        new TransientHost(
            seen.stream().findFirst(), oneKeyOnly ? List.of(known.get(0)) : List.copyOf(known)));
  }

  private int shutOutHosts(int degree, MembershipChange change, Collection<LeafIndex> refreshed) {
    List<LeafIndex> moved = new ArrayList<>(change.evicted());
    moved.addAll(change.joined());
    int before = hosts.size();
    for (Iterator<TransientHost> all = hosts.iterator(); all.hasNext(); ) {
      TransientHost host = all.next();
      if (host.endsWith(degree, moved, refreshed)) {
        shutOut(host.known());
        all.remove();
      }
    }
    return before - hosts.size();
  }

  private void shutOut(List<Key> known) {
    known.forEach(key -> adversary.learn(key, Knowers.shutOut(epoch)));
  }

  /** A joiner gets his whole path and the group key by registration. */
  private void admit(LeafIndex leaf) {
    List<Key> given = new ArrayList<>();
    members.shape().path(leaf).forEach(node -> given.add(key(node)));
    given.add(groupKey);
    given.forEach(key -> adversary.learn(key, Knowers.member(leaf.position(), epoch)));
    givenToMember.put(leaf, given);
  }

  /** The members and nobody else open the group key; nobody who is out knows a key in use. */
  private void judge() {
    long present = 0;
    for (LeafIndex leaf : givenToMember.keySet()) {
      present |= 1L << leaf.position();
    }
    if (groupKey.knowers.leaves() != present) {
      throw new AccessBroken(
          String.format(
              "members: the key of epoch %d is for %x, and %x open it",
              epoch, present, groupKey.knowers.leaves()));
    }
    for (Map.Entry<NodeIndex, Key> entry : keys.entrySet()) {
      if (entry.getValue().knowers.firstLeft() != Knowers.NEVER
          && members.anyBelow(entry.getKey())) {
        throw new AccessBroken("forward: who was shut out knows the key of " + entry.getKey());
      }
    }
  }

  private Key key(NodeIndex node) {
    return Optional.ofNullable(keys.get(node))
        .orElseThrow(() -> new IllegalStateException("no key at " + node));
  }
}
