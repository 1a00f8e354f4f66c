package org.keyfleet.gcks.group;

import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.protocol.keytree.LeafIndex;

/**
 * Who is out and still has keys in force. The store knows it too: by a leaf without a member, or by
 * the rekey that it owes a group without a tree.
 */
final class Departures {
  private final GroupSettings settings;
  private final GroupStore store;
  private final Commits commits;
  private final InstantSource clock;
  private final Set<LeafIndex> leaves = new LinkedHashSet<>();

  Departures(GroupSettings settings, GroupStore store, Commits commits, InstantSource clock) {
    this.settings = settings;
    this.store = store;
    this.commits = commits;
    this.clock = clock;
  }

  /** Takes up what the store knows. */
  void load() throws StoreException {
    leaves.clear();
    leaves.addAll(commits.memory().orphans());
  }

  boolean any() {
    return !leaves.isEmpty() || commits.memory().rekeyOwed();
  }

  /** Takes a member's row out; gives whether there was one. */
  boolean remove(String identity, boolean block, String event) throws StoreException {
    Optional<MemberRow> member = store.member(settings.name(), identity);
    commits.memory().removeRow(identity, member, block, event, clock.millis());
    if (member.isEmpty()) {
      return false;
    }
    commits.memberGone(identity);
    if (member.get().leaf() >= 0) {
      leaves.add(new LeafIndex(member.get().leaf()));
    }
    return true;
  }

  int waiting() {
    return leaves.size();
  }

  /** The first {@code most} places to take out of the tree. */
  Set<LeafIndex> first(int most) {
    return leaves.stream().limit(most).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  void done(Set<LeafIndex> taken) {
    leaves.removeAll(taken);
  }

  /** The tree is new. */
  void clear() {
    leaves.clear();
  }
}
