package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SigningException;

/**
 * One group: admits, evicts, refreshes. Whatever it answers or sends is on disk before. One thread
 * uses it.
 */
public final class GroupEngine {
  private static final System.Logger LOG = System.getLogger(GroupEngine.class.getName());

  /** What the audit trail and the rekey log hold: so long, and so many. */
  private static final Duration KEPT = Duration.ofDays(400);

  private static final int MOST_KEPT = 100_000;
  private static final long PRUNE_MILLIS = 3_600_000;

  private final GroupSettings settings;
  private final GroupStore store;
  private final GroupMachinery machinery;
  private final InstantSource clock;
  private final Commits commits;
  private final Admissions admissions;
  private final Departures departures;
  private final Refusals refusals;
  private final RekeyTimetable timetable;
  private final BackOff backOff;
  private long nextPruneMillis;

  private GroupEngine(
      GroupSettings settings,
      GroupStore store,
      GroupMachinery machinery,
      SecureRandom random,
      InstantSource clock,
      Commits commits) {
    this.settings = settings;
    this.store = store;
    this.machinery = machinery;
    this.clock = clock;
    this.commits = commits;
    this.admissions = new Admissions(settings, store, machinery, commits, clock);
    this.departures = new Departures(settings, store, commits, clock);
    this.refusals = new Refusals(settings.name(), store);
    this.timetable = new RekeyTimetable(settings);
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
    Bytes check = machinery.openKeys(restored ? Bytes.EMPTY : known);
    if (!check.equals(known)) {
      store.write(to -> to.masterCheck(settings.name(), check));
    }
    Commits commits = Commits.open(settings, store, machinery, random, clock, listener);
    GroupEngine engine = new GroupEngine(settings, store, machinery, random, clock, commits);
    if (restored) {
      engine.startOver();
    }
    engine.takeUpDepartures();
    try {
      engine.flush();
    } catch (CustodyException | SigningException e) {
      engine.troubled(e);
    }
    return engine;
  }

  public GroupSettings settings() {
    return settings;
  }

  /** For status: a copy of what the group is now. */
  public GroupStatus status() throws StoreException {
    GroupState state = commits.memory().state();
    return new GroupStatus(
        settings.name(),
        store.memberCount(settings.name()),
        state.counters(),
        state.rekeySa(),
        state.dataSas(),
        admissions.waiting(),
        departures.waiting());
  }

  /** Admits or refuses; {@code answer} is called now or at the end of the batch. */
  public void join(JoinRequest request, Consumer<JoinOutcome> answer) {
    Admissions.Waiting join = new Admissions.Waiting(request, answer);
    try {
      reloadIfStale();
      boolean member = store.member(settings.name(), join.identity()).isPresent();
      Optional<NotifyType> refusal = admissions.refusal(request, member);
      if (refusal.isPresent()) {
        refusals.refused(refusal.get(), join.identity(), clock.millis());
        join.refuse(refusal.get());
        return;
      }
      makeReadyFor(request);
      Optional<MemberRow> existing = store.member(settings.name(), join.identity());
      if (existing.isPresent()) {
        admissions.readmit(join, existing.get());
      } else if (settings.rekey().mode() == RekeyMode.INTERVAL) {
        admissions.await(join);
        timetable.awaitBatch(clock.millis());
      } else {
        admissions.admit(List.of(join), Set.of(), "join");
      }
    } catch (StoreException | CustodyException | SigningException e) {
      failed("join of " + request.identity(), e);
      join.refuse(NotifyType.REGISTRATION_FAILED);
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
    admissions.cancel(identity);
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
    commits.refresh(commits.allocator(), settings.rekey().multicast(), true, reason);
  }

  /** Replaces the tree keys above the members, {@code count} of them from leaf {@code from} on. */
  public void heal(int from, int count) throws StoreException, CustodyException, SigningException {
    reloadIfStale();
    List<LeafIndex> leaves =
        commits.memory().tree().nextLeaves(from, Math.min(count, commits.maxBatch()));
    if (settings.rekey().multicast() && !leaves.isEmpty()) {
      commits.commit(machinery.heal(commits.memory(), commits.allocator(), leaves, clock.millis()));
    }
  }

  /** Does what is due: the batch, the replacement of SAs that near their end. */
  public void tick() {
    long now = clock.millis();
    if (backOff.waits(now)) {
      return;
    }
    try {
      reloadIfStale();
      lapseIfExpired();
      if (timetable.batchDue(now)) {
        flush();
      }
      refreshDue(now);
      int members = commits.memory().tree().members();
      if (timetable.healingDue(members, commits.maxBatch(), now)) {
        heal(commits.memory().healFrom(), commits.maxBatch());
      }
      pruneDue(now);
      if (backOff.succeeded()) {
        LOG.log(System.Logger.Level.INFO, "group {0}: rekeys again", settings.name());
      }
    } catch (StoreException | CustodyException | SigningException e) {
      troubled(e);
    }
  }

  private void makeReadyFor(JoinRequest request)
      throws StoreException, CustodyException, SigningException {
    lapseIfExpired();
    if (departures.any() && settings.rekey().mode() == RekeyMode.IMMEDIATE) {
      flush(); // nobody gets keys that somebody who is out has
    }
    if (!admissions.hasSenderIdsFor(request)) {
      flush(); // the waiting have been promised theirs
    }
    if (!admissions.hasSenderIdsFor(request)) {
      String reason = "sender-ids-exhausted";
      reset(reason, commits.allocator(), commits.farewell(reason));
    }
  }

  private void refreshDue(long nowMillis)
      throws StoreException, CustodyException, SigningException {
    boolean rekeySa = RekeyTimetable.rekeySaDue(commits.memory().state(), nowMillis);
    boolean dataSas = RekeyTimetable.dataSasDue(commits.memory().state(), nowMillis);
    if ((rekeySa || dataSas) && store.memberCount(settings.name()) > 0) {
      commits.refresh(commits.allocator(), rekeySa, dataSas, "lifetime");
    }
  }

  private void pruneDue(long nowMillis) throws StoreException {
    if (nowMillis >= nextPruneMillis) {
      store.write(to -> to.prune(nowMillis - KEPT.toMillis(), MOST_KEPT));
      nextPruneMillis = nowMillis + PRUNE_MILLIS;
    }
  }

  private void lapseIfExpired() throws StoreException {
    if (RekeyTimetable.lapsed(commits.memory().state(), clock.millis())) {
      reset("rekey-sa-expired", commits.allocator(), List.of());
    }
  }

  private boolean remove(String identity, boolean block, boolean urgent, String event)
      throws StoreException, CustodyException, SigningException {
    reloadIfStale();
    if (!departures.remove(identity, block, event)) {
      return false;
    }
    timetable.awaitBatch(clock.millis());
    if (urgent || settings.rekey().mode() == RekeyMode.IMMEDIATE) {
      flush();
    }
    return true;
  }

  /** Sends out what has gathered, in pieces that fit a message. */
  private void flush() throws StoreException, CustodyException, SigningException {
    while (admissions.waiting() > 0 || departures.waiting() > 0) {
      List<Admissions.Waiting> joins = admissions.first(commits.maxBatch());
      Set<LeafIndex> leaves = departures.first(commits.maxBatch());
      String reason = leaves.isEmpty() ? "join" : joins.isEmpty() ? "evict" : "batch";
      admissions.admit(joins, leaves, reason);
      departures.done(leaves);
    }
    if (commits.memory().rekeyOwed()) {
      commits.refresh(commits.allocator(), false, true, "evict");
    }
    timetable.batchDone();
  }

  private void reloadIfStale() throws StoreException {
    if (commits.reloadIfStale()) {
      takeUpDepartures();
    }
  }

  private void takeUpDepartures() throws StoreException {
    departures.load();
    if (departures.any()) {
      timetable.batchNow(clock.millis());
    }
  }

  /** Whoever still follows the Rekey SA of the store hears of it; the others' SAs run out. */
  private void startOver() throws StoreException, CustodyException {
    List<RekeyMessageRow> farewell = List.of();
    try {
      farewell = commits.farewell("restored");
    } catch (SigningException e) {
      failed("farewell", e);
    }
    Allocator allocator = commits.allocator();
    allocator.skipKeyIds();
    reset("restored", allocator, farewell);
  }

  private void reset(String reason, Allocator allocator, List<RekeyMessageRow> farewell)
      throws StoreException {
    commits.reset(reason, allocator, farewell);
    departures.clear();
  }

  private void troubled(Exception e) {
    if (backOff.failed(clock.millis())) {
      failed("rekey", e);
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
