package org.keyfleet.gcks.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.keyfleet.gcks.group.GroupChange.TreeChange;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.KfChain;
import org.keyfleet.protocol.keytree.Derivation;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.NodeIndex;
import org.keyfleet.protocol.keytree.RekeyPlan;
import org.keyfleet.protocol.suite.SigningException;

/**
 * Works out a change of a group with a Rekey SA and makes its messages; changes nothing. A change
 * of membership takes two messages: "new TEK policy and the associated keys MUST NOT be included in
 * a G-IKEv2 rekey message which changes group membership" (RFC 9838 section 3.2.1).
 */
final class ChangePlanner {
  private final GroupSettings settings;
  private final RekeyWriter writer;

  ChangePlanner(GroupSettings settings, RekeyWriter writer) {
    this.settings = settings;
    this.writer = writer;
  }

  /**
   * Members come and go.
   *
   * @param joining rows without leaf and Key ID, which this gives them
   * @param evicted leaves of members to take out
   * @param freshSas whether all SAs must be new, also when the coming and going asks for none
   */
  GroupChange membership(
      GroupState state,
      KeyTree tree,
      Allocator allocator,
      List<MemberRow> joining,
      Set<LeafIndex> evicted,
      boolean freshSas,
      String reason,
      long nowMillis)
      throws StoreException, CustodyException, SigningException {
    List<LeafIndex> places = tree.freeLeaves(joining.size(), evicted);
    MembershipChange membership =
        new MembershipChange(
            evicted, new LinkedHashSet<>(places), settings.backwardAccessControl());
    RekeyPlan plan = tree.plan(membership);
    TreeChange change = new TreeChange(membership, plan, freshKeyIds(plan, allocator));

    boolean staying = !plan.top().isEmpty();
    boolean newRekeySa = freshSas || state.rekeySa().isEmpty() || !staying || touchesOthers(change);
    boolean newDataSas =
        freshSas
            || state.dataSas().isEmpty()
            || !staying
            || (!evicted.isEmpty() && settings.forwardAccessControl())
            || (!places.isEmpty() && settings.backwardAccessControl());
    Draft draft = new Draft(state, allocator, reason, nowMillis);
    if (!staying && !evicted.isEmpty()) {
      draft.farewell();
    }
    if (newRekeySa) {
      draft.replaceRekeySa(staying, Optional.of(path(tree, change)));
    }
    if (newDataSas) {
      draft.replaceDataSas(staying);
    }
    return draft.finish(Optional.of(change), placed(joining, places, change.freshKeyIds()));
  }

  /** A new Rekey SA and, when they are due, new data SAs for the same members. */
  GroupChange refresh(
      GroupState state,
      KeyTree tree,
      Allocator allocator,
      boolean rekeySa,
      boolean dataSas,
      String reason,
      long nowMillis)
      throws StoreException, CustodyException, SigningException {
    Draft draft = new Draft(state, allocator, reason, nowMillis);
    boolean members = tree.members() > 0;
    Optional<TreeChange> change = Optional.empty();
    if (rekeySa) {
      Optional<RekeyWriter.Path> path = Optional.empty();
      if (settings.strict()) {
        RekeyPlan plan = tree.plan(MembershipChange.none());
        path = Optional.of(path(tree, new TreeChange(MembershipChange.none(), plan, Map.of())));
      }
      draft.replaceRekeySa(members, path);
    }
    if (dataSas) {
      draft.replaceDataSas(members);
    }
    return draft.finish(change, List.of());
  }

  /** Replaces the tree keys above some members, in case a device leaked its copies. */
  GroupChange heal(
      GroupState state, KeyTree tree, Allocator allocator, List<LeafIndex> leaves, long nowMillis)
      throws StoreException, CustodyException, SigningException {
    RekeyPlan plan = tree.refresh(leaves);
    TreeChange change = new TreeChange(MembershipChange.none(), plan, freshKeyIds(plan, allocator));
    Draft draft = new Draft(state, allocator, "heal", nowMillis);
    draft.replaceRekeySa(true, Optional.of(path(tree, change)));
    draft.replaceDataSas(true);
    return draft
        .finish(Optional.of(change), List.of())
        .healing(leaves.get(leaves.size() - 1).position());
  }

  /** Whether somebody who stays must learn a key: then there is a message, under a new Rekey SA. */
  private boolean touchesOthers(TreeChange change) {
    MembershipChange membership = change.membership();
    return !membership.evicted().isEmpty()
        || !change.plan().wraps().isEmpty()
        || (!membership.joined().isEmpty() && settings.backwardAccessControl());
  }

  private static Map<NodeIndex, Long> freshKeyIds(RekeyPlan plan, Allocator allocator) {
    Map<NodeIndex, Long> fresh = new TreeMap<>();
    for (NodeIndex node : plan.renewed()) {
      fresh.put(node, allocator.keyId());
    }
    return fresh;
  }

  private static RekeyWriter.Path path(KeyTree tree, TreeChange change) {
    RekeyPlan plan = change.plan();
    ToLongFunction<NodeIndex> keyIds = node -> keyId(tree, change.freshKeyIds(), node);
    Map<Long, Long> origins = new HashMap<>();
    List<Map.Entry<Long, Long>> derivations = new ArrayList<>();
    for (Derivation derivation : plan.derivations()) {
      long from = keyIds.applyAsLong(derivation.child());
      long to = keyIds.applyAsLong(derivation.parent());
      origins.put(to, from);
      derivations.add(Map.entry(from, to));
      noteOldOrigin(tree, change, derivation.child(), origins);
    }
    plan.wraps().forEach(wrap -> noteOldOrigin(tree, change, wrap.child(), origins));
    plan.top().forEach(top -> noteOldOrigin(tree, change, top, origins));
    return new RekeyWriter.Path(plan.wraps(), plan.top(), keyIds, origins, KfChain.of(derivations));
  }

  /** A node that keeps its key keeps all below it. */
  private static void noteOldOrigin(
      KeyTree tree, TreeChange change, NodeIndex node, Map<Long, Long> origins) {
    if (!change.freshKeyIds().containsKey(node)) {
      tree.noteOrigin(node, origins);
    }
  }

  private static long keyId(KeyTree tree, Map<NodeIndex, Long> fresh, NodeIndex node) {
    Long id = fresh.get(node);
    return id == null ? tree.keyId(node) : id;
  }

  private static List<MemberRow> placed(
      List<MemberRow> joining, List<LeafIndex> places, Map<NodeIndex, Long> fresh) {
    List<MemberRow> rows = new ArrayList<>();
    for (int i = 0; i < joining.size(); i++) {
      Long keyId = fresh.get(places.get(i).node());
      if (keyId == null) {
        throw new IllegalStateException("a joiner's leaf without a key");
      }
      rows.add(joining.get(i).at(places.get(i).position(), keyId));
    }
    return rows;
  }

  /** The state while it changes, with the messages so far. */
  private final class Draft {
    private final GroupState before;
    private final Allocator allocator;
    private final String reason;
    private final long nowMillis;
    private final List<RekeyMessageRow> messages = new ArrayList<>();
    private Optional<RekeySaRow> rekeySa;
    private List<DataSaRow> dataSas;

    Draft(GroupState before, Allocator allocator, String reason, long nowMillis) {
      this.before = before;
      this.allocator = allocator;
      this.reason = reason;
      this.nowMillis = nowMillis;
      this.rekeySa = before.rekeySa();
      this.dataSas = before.dataSas();
    }

    /** Nobody stays, so that no new keys tell those who are out: a Delete does. */
    void farewell() throws CustodyException, SigningException {
      if (rekeySa.isPresent()) {
        messages.add(writer.deleteAll(rekeySa.get(), reason, nowMillis));
      }
    }

    void replaceRekeySa(boolean announce, Optional<RekeyWriter.Path> path)
        throws CustodyException, SigningException {
      Optional<RekeySaRow> old = rekeySa;
      RekeySaRow fresh = allocator.rekeySa(old);
      if (announce && old.isPresent()) {
        messages.add(writer.rekeySa(old.get(), fresh, path, reason, nowMillis));
      }
      rekeySa = Optional.of(fresh);
    }

    void replaceDataSas(boolean announce)
        throws StoreException, CustodyException, SigningException {
      List<DataSaRow> fresh = allocator.dataSas(dataSas);
      if (announce && rekeySa.isPresent()) {
        RekeySaRow sa = rekeySa.get();
        messages.add(writer.dataSas(sa, dataSas, fresh, reason, nowMillis));
        rekeySa = Optional.of(sa.withNextMessageId(sa.nextMessageId() + 1));
      }
      dataSas = fresh;
    }

    GroupChange finish(Optional<TreeChange> change, List<MemberRow> joined) {
      if (rekeySa.isEmpty() && before.rekeySa().isPresent()) {
        throw new IllegalStateException("a Rekey SA is replaced, never dropped");
      }
      return new GroupChange(
          reason,
          new GroupState(allocator.counters(), rekeySa, dataSas),
          change,
          OptionalInt.empty(),
          joined,
          allocator.newSpis(),
          messages);
    }
  }
}
