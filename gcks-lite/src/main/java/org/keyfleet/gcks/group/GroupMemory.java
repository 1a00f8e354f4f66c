package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.gcks.group.GroupChange.TreeChange;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.CounterRow;
import org.keyfleet.gcks.store.GroupSnapshot;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.IncarnationRow;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.gcks.store.StoreWriter;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.TreeShape;

/** A group's state in memory, which follows the store: first written, then changed here. */
final class GroupMemory {
  private final GroupSettings settings;
  private final GroupStore store;
  private final IncarnationRow incarnation;

  /** SPIs drawn at the start, which nobody may draw again. */
  private final List<Long> startSpis;

  private KeyTree tree;
  private GroupState state;
  private boolean rekeyOwed;
  private int healFrom;
  private boolean startWritten;

  private GroupMemory(
      GroupSettings settings,
      GroupStore store,
      IncarnationRow incarnation,
      List<Long> startSpis,
      KeyTree tree,
      GroupState state,
      boolean rekeyOwed) {
    this.settings = settings;
    this.store = store;
    this.incarnation = incarnation;
    this.startSpis = startSpis;
    this.tree = tree;
    this.state = state;
    this.rekeyOwed = rekeyOwed;
  }

  /**
   * Reads the group, or starts it.
   *
   * @param fingerprint of the policy; members that were given another one must start over, so the
   *     group comes up empty
   * @param incarnations begins a new life, of which the first change's transaction tells the store
   */
  static GroupMemory load(
      GroupSettings settings,
      GroupStore store,
      String fingerprint,
      Incarnations incarnations,
      SecureRandom random,
      long nowMillis)
      throws StoreException {
    Optional<GroupSnapshot> found = store.group(settings.name());
    CounterRow counters = found.map(GroupSnapshot::counters).orElse(CounterRow.FIRST);
    incarnations.begin(found.map(GroupSnapshot::incarnations).orElse(List.of()), counters, random);
    if (found.isPresent() && found.get().fingerprint().equals(fingerprint)) {
      GroupSnapshot snapshot = found.get();
      KeyTree tree =
          snapshot.degree() == 0
              ? KeyTree.empty(settings.gkma(), settings.treeDegree())
              : KeyTree.of(
                  settings.gkma(),
                  new TreeShape(snapshot.degree(), snapshot.height()),
                  snapshot.nodes());
      Allocator allocator = new Allocator(settings, store, random, counters, nowMillis);
      GroupState state =
          allocator.started(new GroupState(counters, snapshot.rekeySa(), snapshot.dataSas()));
      GroupMemory memory =
          new GroupMemory(
              settings,
              store,
              incarnations.current(),
              allocator.newSpis(),
              tree,
              state,
              snapshot.rekeyOwed());
      memory.healFrom = snapshot.healFrom();
      return memory;
    }
    GroupMemory memory =
        new GroupMemory(
            settings,
            store,
            incarnations.current(),
            List.of(),
            KeyTree.empty(settings.gkma(), settings.treeDegree()),
            new GroupState(counters, Optional.empty(), List.of()),
            false);
    memory.write(
        to -> {
          to.counters(settings.name(), counters);
          memory.writeEmpty(to);
          to.fingerprint(settings.name(), fingerprint);
          to.audit(
              nowMillis, settings.name(), found.isPresent() ? "policy-changed" : "created", "");
        });
    return memory;
  }

  KeyTree tree() {
    return tree;
  }

  GroupState state() {
    return state;
  }

  /**
   * Whether a member is out that still has the keys in force: in a group without a tree, where no
   * orphaned leaf tells.
   */
  boolean rekeyOwed() {
    return rekeyOwed;
  }

  /** The leaf at which healing goes on. */
  int healFrom() {
    return healFrom;
  }

  /** Leaves whose member is gone but whose place in the tree is not yet renewed. */
  Set<LeafIndex> orphans() throws StoreException {
    Set<LeafIndex> taken = new HashSet<>(tree.nextLeaves(0, Integer.MAX_VALUE));
    for (MemberRow member : store.members(settings.name())) {
      if (member.leaf() >= 0) {
        taken.remove(new LeafIndex(member.leaf()));
      }
    }
    return taken;
  }

  /** Writes a change and then makes it; its messages come back with their sequence numbers. */
  List<RekeyMessageRow> commit(GroupChange change, GroupStore.Writes also, long nowMillis)
      throws StoreException {
    String group = settings.name();
    List<RekeyMessageRow> messages = new ArrayList<>();
    int nextHeal = change.healedTo().isPresent() ? change.healedTo().getAsInt() + 1 : healFrom;
    boolean owed = rekeyOwed && change.after().dataSas().equals(state.dataSas());
    write(
        to -> {
          to.rekeyOwed(group, owed);
          to.healFrom(group, nextHeal);
          to.counters(group, change.after().counters());
          for (long spi : change.newSpis()) {
            to.useSpi(spi);
          }
          if (change.after().rekeySa().isPresent()) {
            to.rekeySa(group, change.after().rekeySa().get());
          }
          to.dataSas(group, change.after().dataSas());
          if (change.membership().isPresent()) {
            TreeChange tree = change.membership().get();
            to.tree(group, tree.plan().shape().degree(), tree.plan().shape().height());
            to.nodes(group, KeyTree.rows(tree.plan().vacated(), tree.freshKeyIds()));
          }
          for (MemberRow member : change.joined()) {
            to.member(group, member);
            to.audit(nowMillis, group, "joined", member.identity());
          }
          for (RekeyMessageRow message : change.messages()) {
            messages.add(message.numbered(to.rekeyMessage(group, message)));
          }
          to.audit(nowMillis, group, "rekey", change.reason());
          also.to(to);
        });
    rekeyOwed = owed;
    healFrom = nextHeal;
    state = change.after();
    change
        .membership()
        .ifPresent(made -> tree.apply(made.plan(), made.membership(), made.freshKeyIds()));
    return messages;
  }

  /** A member registers once more: a new root key, the same place. */
  void recommit(MemberRow member, CounterRow counters, GroupStore.Writes also, long nowMillis)
      throws StoreException {
    String group = settings.name();
    write(
        to -> {
          to.counters(group, counters);
          to.member(group, member);
          if (member.leaf() >= 0) {
            LeafIndex leaf = new LeafIndex(member.leaf());
            to.nodes(group, KeyTree.rows(Set.of(), java.util.Map.of(leaf.node(), member.keyId())));
          }
          to.audit(nowMillis, group, "registered-again", member.identity());
          also.to(to);
        });
    state = new GroupState(counters, state.rekeySa(), state.dataSas());
    if (member.leaf() >= 0) {
      tree.renewLeaf(new LeafIndex(member.leaf()), member.keyId());
    }
  }

  /** Takes a member's row out at once; its place in the tree stays until the next change. */
  void removeRow(
      String identity, Optional<MemberRow> row, boolean block, String event, long nowMillis)
      throws StoreException {
    String group = settings.name();
    boolean owed = rekeyOwed || (row.isPresent() && row.get().leaf() < 0);
    write(
        to -> {
          to.removeMember(group, identity);
          to.rekeyOwed(group, owed);
          if (block) {
            to.block(group, identity);
          }
          to.audit(nowMillis, group, event, identity);
        });
    rekeyOwed = owed;
  }

  /** Everybody out, and nothing left but the counters. */
  List<RekeyMessageRow> reset(
      CounterRow counters, List<RekeyMessageRow> farewell, String reason, long nowMillis)
      throws StoreException {
    String group = settings.name();
    List<RekeyMessageRow> messages = new ArrayList<>();
    write(
        to -> {
          to.counters(group, counters);
          writeEmpty(to);
          for (RekeyMessageRow message : farewell) {
            messages.add(message.numbered(to.rekeyMessage(group, message)));
          }
          to.audit(nowMillis, group, "reset", reason);
        });
    state = new GroupState(counters, Optional.empty(), List.of());
    tree = KeyTree.empty(settings.gkma(), settings.treeDegree());
    rekeyOwed = false;
    return messages;
  }

  private void write(GroupStore.Writes writes) throws StoreException {
    store.write(
        to -> {
          if (!startWritten) {
            to.incarnation(settings.name(), incarnation);
            for (long spi : startSpis) {
              to.useSpi(spi);
            }
          }
          writes.to(to);
        });
    startWritten = true;
  }

  private void writeEmpty(StoreWriter to) throws StoreException {
    String group = settings.name();
    to.clearIncarnations(group);
    to.incarnation(group, incarnation);
    to.clearMembers(group);
    to.clearSenderGrants(group);
    to.clearNodes(group);
    to.tree(group, 0, 0);
    to.dropRekeySa(group);
    to.dataSas(group, List.of());
    to.rekeyOwed(group, false);
  }
}
