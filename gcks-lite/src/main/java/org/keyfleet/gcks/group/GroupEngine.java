package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.gcks.store.CounterRow;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.SupportedTransforms;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.SigningException;

/**
 * One group: admits, evicts, refreshes. Whatever it answers or sends is on disk before. One thread
 * uses it.
 */
public final class GroupEngine {
  private static final System.Logger LOG = System.getLogger(GroupEngine.class.getName());

  /** Wrapped keys of some 52 octets in one message, so that KD stays under its 65535 octets. */
  private static final int MAX_WRAPS = 1000;

  /** A Rekey SA ends here, so that starts of the server always find Message IDs above it. */
  private static final long LAST_MESSAGE_ID = 1L << 31;

  /** What the audit trail and the rekey log hold: so long, and so many. */
  private static final Duration KEPT = Duration.ofDays(400);

  private static final int MOST_KEPT = 100_000;
  private static final long PRUNE_MILLIS = 3_600_000;

  private final GroupSettings settings;
  private final GroupStore store;
  private final GroupMachinery machinery;
  private final Authorisation authorisation;
  private final Refusals refusals;
  private final SecureRandom random;
  private final InstantSource clock;
  private final GroupListener listener;
  private final Map<String, Pending> pendingJoins = new LinkedHashMap<>();
  private final Set<LeafIndex> pendingLeaves = new LinkedHashSet<>();
  private final BackOff backOff;
  private GroupMemory memory;

  /** A change failed half-way: what is on disk counts. */
  private boolean stale;

  private long batchDueMillis = Long.MAX_VALUE;
  private long lastHealMillis;
  private long nextPruneMillis;

  private record Pending(JoinRequest request, Consumer<JoinOutcome> answer) {}

  private GroupEngine(
      GroupSettings settings,
      GroupStore store,
      GroupMemory memory,
      GroupMachinery machinery,
      SecureRandom random,
      InstantSource clock,
      GroupListener listener) {
    this.settings = settings;
    this.store = store;
    this.memory = memory;
    this.machinery = machinery;
    this.authorisation = new Authorisation(settings, store);
    this.refusals = new Refusals(settings.name(), store);
    this.random = random;
    this.clock = clock;
    this.listener = listener;
    this.backOff = new BackOff(random);
  }

  /**
   * Loads the group from the store, and takes out whoever was on the way out.
   *
   * @param restored whether the store was put back to an older state: then all members start over
   */
  public static GroupEngine open(
      GroupSettings settings,
      GroupStore store,
      GroupMachinery machinery,
      SecureRandom random,
      InstantSource clock,
      GroupListener listener,
      boolean restored)
      throws StoreException, CustodyException {
    Bytes known = store.masterCheck(settings.name());
    Bytes check = machinery.keys().open(restored ? Bytes.EMPTY : known);
    if (!check.equals(known)) {
      store.write(to -> to.masterCheck(settings.name(), check));
    }
    GroupMemory memory = load(settings, store, machinery, random, clock);
    GroupEngine engine =
        new GroupEngine(settings, store, memory, machinery, random, clock, listener);
    if (restored) {
      engine.startOver();
    }
    engine.takeUpLeaves();
    try {
      engine.flush();
    } catch (CustodyException | SigningException e) {
      engine.troubled("rekey", e);
    }
    return engine;
  }

  private static GroupMemory load(
      GroupSettings settings,
      GroupStore store,
      GroupMachinery machinery,
      SecureRandom random,
      InstantSource clock)
      throws StoreException {
    return GroupMemory.load(
        settings, store, machinery.fingerprint(), machinery.incarnations(), random, clock.millis());
  }

  public GroupSettings settings() {
    return settings;
  }

  /** For status: a copy of what the group is now. */
  public GroupStatus status() throws StoreException {
    GroupState state = memory.state();
    return new GroupStatus(
        settings.name(),
        store.memberCount(settings.name()),
        state.counters(),
        state.rekeySa(),
        state.dataSas(),
        pendingJoins.size(),
        pendingLeaves.size());
  }

  /** Admits or refuses; {@code answer} is called now or at the end of the batch. */
  public void join(JoinRequest request, Consumer<JoinOutcome> answer) {
    try {
      reloadIfStale();
      String identity = request.identity().text();
      Optional<MemberRow> existing = store.member(settings.name(), identity);
      int waiting = pendingJoins.size() - (pendingJoins.containsKey(identity) ? 1 : 0);
      Optional<NotifyType> refusal = authorisation.refusal(request, existing.isPresent(), waiting);
      if (refusal.isEmpty() && !supports(request)) {
        refusal = Optional.of(NotifyType.NO_PROPOSAL_CHOSEN);
      }
      if (refusal.isPresent()) {
        NotifyType reason = refusal.get();
        refusals.refused(reason, identity, clock.millis());
        answer.accept(new JoinOutcome.Refused(reason));
        return;
      }
      lapseIfExpired();
      if (somebodyLeft() && settings.rekey().mode() == RekeyMode.IMMEDIATE) {
        flush(); // nobody gets keys that somebody who is out has
      }
      if (!hasSenderIdsFor(request)) {
        flush(); // the waiting have been promised theirs
      }
      if (!hasSenderIdsFor(request)) {
        reset("sender-ids-exhausted", allocator(), farewell("sender-ids-exhausted"));
      }
      existing = store.member(settings.name(), identity);
      if (existing.isPresent()) {
        readmit(request, existing.get(), answer);
      } else if (settings.rekey().mode() == RekeyMode.INTERVAL) {
        Pending before = pendingJoins.put(identity, new Pending(request, answer));
        if (before != null) {
          before.answer().accept(new JoinOutcome.Refused(NotifyType.REGISTRATION_FAILED));
        }
        scheduleBatch();
      } else {
        admit(List.of(new Pending(request, answer)), Set.of(), "join");
      }
    } catch (StoreException | CustodyException | SigningException e) {
      failed("join of " + request.identity(), e);
      answer.accept(new JoinOutcome.Refused(NotifyType.REGISTRATION_FAILED));
    }
  }

  /**
   * Takes a member out for good: it cannot come back until it is listed again.
   *
   * @param urgent at once, also in interval mode
   * @return false when there is no such member; it is blocked all the same
   */
  public boolean evict(String identity, boolean urgent)
      throws StoreException, CustodyException, SigningException {
    Pending waiting = pendingJoins.remove(identity);
    if (waiting != null) {
      waiting.answer().accept(new JoinOutcome.Refused(NotifyType.AUTHORIZATION_FAILED));
    }
    return remove(identity, true, urgent, "evicted");
  }

  /** A member leaves by itself: the GCKS "MUST remove the GM" (RFC 9838 section 2.3.2). */
  public boolean leave(String identity) throws StoreException, CustodyException, SigningException {
    return remove(identity, false, false, "left");
  }

  /** Lists an identity as one that may join, and lifts a block. */
  public void list(String identity) throws StoreException {
    store.write(
        to -> {
          to.list(settings.name(), identity);
          to.audit(clock.millis(), settings.name(), "listed", identity);
        });
  }

  /** Replaces every SA's keys for the members there are. */
  public void refresh(String reason) throws StoreException, CustodyException, SigningException {
    reloadIfStale();
    flush();
    commit(
        machinery.refresh(
            memory, allocator(), settings.rekey().multicast(), true, reason, clock.millis()));
  }

  /** Replaces the tree keys above the members, {@code count} of them from leaf {@code from} on. */
  public void heal(int from, int count) throws StoreException, CustodyException, SigningException {
    reloadIfStale();
    List<LeafIndex> leaves = memory.tree().nextLeaves(from, Math.min(count, maxBatch()));
    if (settings.rekey().multicast() && !leaves.isEmpty()) {
      commit(machinery.heal(memory, allocator(), leaves, clock.millis()));
    }
  }

  /** Does what is due: the batch, the replacement of SAs that near their end. */
  public void tick() {
    if (backOff.waits(clock.millis())) {
      return;
    }
    try {
      reloadIfStale();
      lapseIfExpired();
      if (clock.millis() >= batchDueMillis) {
        flush();
      }
      refreshDue();
      healDue();
      pruneDue();
      if (backOff.succeeded()) {
        LOG.log(System.Logger.Level.INFO, "group {0}: rekeys again", settings.name());
      }
    } catch (StoreException | CustodyException | SigningException e) {
      troubled("rekey", e);
    }
  }

  private void refreshDue() throws StoreException, CustodyException, SigningException {
    GroupState state = memory.state();
    long now = clock.millis();
    boolean rekeySa =
        state.rekeySa().isPresent()
            && (state.rekeySa().get().refreshMillis() <= now
                || state.rekeySa().get().nextMessageId() > LAST_MESSAGE_ID);
    boolean dataSas = state.dataSas().stream().anyMatch(sa -> sa.refreshMillis() <= now);
    if ((rekeySa || dataSas) && store.memberCount(settings.name()) > 0) {
      commit(machinery.refresh(memory, allocator(), rekeySa, dataSas, "lifetime", now));
    }
  }

  /** In rotation, so that each member's path is new once in an interval (custody: tokens leak). */
  private void healDue() throws StoreException, CustodyException, SigningException {
    long now = clock.millis();
    int members = memory.tree().members();
    if (settings.healInterval().isZero() || members == 0) {
      lastHealMillis = now;
      return;
    }
    int batch = maxBatch();
    int rounds = (members + batch - 1) / batch;
    if (lastHealMillis == 0) {
      lastHealMillis = now;
    }
    if (now - lastHealMillis >= settings.healInterval().toMillis() / rounds) {
      lastHealMillis = now;
      heal(memory.healFrom(), batch);
    }
  }

  private void pruneDue() throws StoreException {
    long now = clock.millis();
    if (now >= nextPruneMillis) {
      store.write(to -> to.prune(now - KEPT.toMillis(), MOST_KEPT));
      nextPruneMillis = now + PRUNE_MILLIS;
    }
  }

  /** After a long stop the members' SAs have ended: nobody can be reached, all register anew. */
  private void lapseIfExpired() throws StoreException {
    GroupState state = memory.state();
    if (state.rekeySa().isPresent() && state.rekeySa().get().expiresMillis() <= clock.millis()) {
      reset("rekey-sa-expired", allocator(), List.of());
    }
  }

  private boolean remove(String identity, boolean block, boolean urgent, String event)
      throws StoreException, CustodyException, SigningException {
    reloadIfStale();
    Optional<MemberRow> member = store.member(settings.name(), identity);
    memory.removeRow(identity, member, block, event, clock.millis());
    if (member.isEmpty()) {
      return false;
    }
    listener.memberGone(settings.name(), identity);
    if (member.get().leaf() >= 0) {
      pendingLeaves.add(new LeafIndex(member.get().leaf()));
    }
    scheduleBatch();
    if (urgent || settings.rekey().mode() == RekeyMode.IMMEDIATE) {
      flush();
    }
    return true;
  }

  /** Sends out what has gathered, in pieces that fit a message. */
  private void flush() throws StoreException, CustodyException, SigningException {
    while (!pendingJoins.isEmpty() || !pendingLeaves.isEmpty()) {
      List<Pending> joins = new ArrayList<>();
      for (Pending waiting : pendingJoins.values()) {
        if (joins.size() < maxBatch()) {
          joins.add(waiting);
        }
      }
      Set<LeafIndex> leaves = new LinkedHashSet<>();
      for (LeafIndex leaf : pendingLeaves) {
        if (leaves.size() < maxBatch()) {
          leaves.add(leaf);
        }
      }
      String reason = leaves.isEmpty() ? "join" : joins.isEmpty() ? "evict" : "batch";
      admit(joins, leaves, reason);
      joins.forEach(done -> pendingJoins.remove(done.request().identity().text()));
      pendingLeaves.removeAll(leaves);
    }
    if (memory.rekeyOwed()) {
      commit(machinery.refresh(memory, allocator(), false, true, "evict", clock.millis()));
    }
    batchDueMillis = Long.MAX_VALUE;
  }

  private void takeUpLeaves() throws StoreException {
    pendingLeaves.clear();
    pendingLeaves.addAll(memory.orphans());
    if (somebodyLeft()) {
      batchDueMillis = clock.millis();
    }
  }

  private void reloadIfStale() throws StoreException {
    if (stale) {
      memory = load(settings, store, machinery, random, clock);
      stale = false;
      takeUpLeaves();
    }
  }

  private boolean hasSenderIdsFor(JoinRequest request) {
    int waiting = pendingJoins.values().stream().mapToInt(join -> senderIds(join.request())).sum();
    int wanted = senderIds(request);
    return wanted == 0 || allocator().hasSenderIds(wanted + waiting);
  }

  private boolean somebodyLeft() {
    return !pendingLeaves.isEmpty() || memory.rekeyOwed();
  }

  private void admit(List<Pending> joins, Set<LeafIndex> leaves, String reason)
      throws StoreException, CustodyException, SigningException {
    long now = clock.millis();
    Allocator allocator = allocator();
    List<MemberRow> rows = new ArrayList<>();
    List<RegistrationWriter.Grants> grants = new ArrayList<>();
    int ids = joins.stream().mapToInt(join -> senderIds(join.request())).sum();
    boolean freshSas = !allocator.senderIdsSetAside(ids);
    allocator.setSenderIdsAside(ids);
    for (Pending join : joins) {
      rows.add(row(join.request(), now));
      grants.add(grants(join.request(), allocator));
    }
    GroupChange change =
        machinery.membership(memory, allocator, rows, leaves, freshSas, reason, now);
    commit(change);
    for (int i = 0; i < joins.size(); i++) {
      answer(joins.get(i), change.joined().get(i), grants.get(i));
    }
  }

  private void readmit(JoinRequest request, MemberRow existing, Consumer<JoinOutcome> answer)
      throws StoreException, CustodyException, SigningException {
    setSenderIdsAside(senderIds(request));
    Allocator allocator = allocator();
    RegistrationWriter.Grants grants = grants(request, allocator);
    long now = clock.millis();
    long keyId = existing.leaf() >= 0 ? allocator.keyId() : 0;
    MemberRow row = row(request, now).at(existing.leaf(), keyId);
    memory.recommit(row, allocator.counters(), now);
    answer(new Pending(request, answer), row, grants);
  }

  /** New SAs first, when those in force have no Sender-IDs left (see {@link CounterRow}). */
  private void setSenderIdsAside(int count)
      throws StoreException, CustodyException, SigningException {
    Allocator allocator = allocator();
    if (!allocator.senderIdsSetAside(count)) {
      allocator.setSenderIdsAside(count);
      boolean multicast = settings.rekey().multicast();
      commit(machinery.refresh(memory, allocator, multicast, true, "sender-ids", clock.millis()));
    }
  }

  private void answer(Pending join, MemberRow row, RegistrationWriter.Grants grants) {
    JoinOutcome outcome;
    try {
      outcome = machinery.registration(memory, row, join.request(), grants, clock.millis());
    } catch (CustodyException e) {
      failed("registration of " + row.identity(), e);
      outcome = new JoinOutcome.Refused(NotifyType.REGISTRATION_FAILED);
    } catch (MalformedMessageException e) {
      outcome = new JoinOutcome.Refused(NotifyType.AUTHORIZATION_FAILED);
    }
    join.answer().accept(outcome);
  }

  /** Whoever still follows the Rekey SA of the store hears of it; the others' SAs run out. */
  private void startOver() throws StoreException, CustodyException {
    List<RekeyMessageRow> farewell = List.of();
    try {
      farewell = farewell("restored");
    } catch (SigningException e) {
      failed("farewell", e);
    }
    Allocator allocator = allocator();
    allocator.skipKeyIds();
    reset("restored", allocator, farewell);
  }

  private List<RekeyMessageRow> farewell(String reason) throws CustodyException, SigningException {
    Optional<RekeySaRow> sa = memory.state().rekeySa();
    return sa.isPresent() && memory.tree().members() > 0
        ? List.of(machinery.deleteAll(sa.get(), reason, clock.millis()))
        : List.of();
  }

  private void reset(String reason, Allocator allocator, List<RekeyMessageRow> messages)
      throws StoreException {
    allocator.restartSenderIds();
    List<String> gone = store.members(settings.name()).stream().map(MemberRow::identity).toList();
    CounterRow counters = allocator.counters();
    List<RekeyMessageRow> sent = memory.reset(counters, messages, reason, clock.millis());
    pendingLeaves.clear();
    sent.forEach(message -> listener.messageReady(settings.name(), message));
    gone.forEach(identity -> listener.memberGone(settings.name(), identity));
  }

  private void commit(GroupChange change) throws StoreException {
    GroupState before = memory.state();
    stale = true;
    List<RekeyMessageRow> messages = memory.commit(change, clock.millis());
    stale = false;
    messages.forEach(message -> listener.messageReady(settings.name(), message));
    if (!settings.rekey().multicast() && !before.dataSas().equals(change.after().dataSas())) {
      listener.inbandRekey(
          settings.name(),
          kwk ->
              machinery.inbandRekey(
                  before.dataSas(), memory.state().dataSas(), kwk, clock.millis()));
    }
    listener.keysChanged(settings.name());
  }

  private boolean supports(JoinRequest request) {
    return request.supported().isEmpty()
        || machinery.supports(SupportedTransforms.of(request.supported().get()));
  }

  private RegistrationWriter.Grants grants(JoinRequest request, Allocator allocator) {
    return new RegistrationWriter.Grants(
        allocator.senderIds(senderIds(request)), settings.strict() ? allocator.keyId() : 0);
  }

  /** "Requesting a value of 1 is not necessary" (RFC 9838 section 2.5.1). */
  private int senderIds(JoinRequest request) {
    if (!request.sender()) {
      return 0;
    }
    long most = Math.min(settings.maxSenderIds(), 1L << settings.senderIdBits());
    return (int) Math.min(most, Math.max(1, request.senderIds()));
  }

  private MemberRow row(JoinRequest request, long nowMillis) {
    return new MemberRow(
        request.identity().text(),
        -1,
        0,
        request.sender(),
        request.fragments(),
        request.authentication().toString(),
        request.transport(),
        nowMillis);
  }

  private Allocator allocator() {
    return new Allocator(settings, store, random, memory.state().counters(), clock.millis());
  }

  /** Changes that fit a message: each renews one path, with degree wraps a level. */
  private int maxBatch() {
    int height = memory.tree().shape().height() + 1;
    return Math.max(1, MAX_WRAPS / (settings.treeDegree() * height));
  }

  private void scheduleBatch() {
    batchDueMillis =
        Math.min(batchDueMillis, clock.millis() + settings.rekey().interval().toMillis());
  }

  private void troubled(String what, Exception e) {
    if (backOff.failed(clock.millis())) {
      failed(what, e);
    }
  }

  private void failed(String what, Exception e) {
    LOG.log(
        System.Logger.Level.ERROR,
        "group {0}: {1} failed: {2}",
        settings.name(),
        what,
        e.getMessage());
  }
}
