package org.keyfleet.agent.group;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.group.GroupSnapshot.Timing;
import org.keyfleet.agent.journal.JournalException;
import org.keyfleet.agent.registration.RegistrationResult;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.gikev2.AuthenticRekey;
import org.keyfleet.protocol.gikev2.GroupDelete;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.GroupWidePolicy;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * The SAs and keys of one group: installs what a registration brought, applies rekeys, forgets by
 * timer. Each change has two phases: prepare (token, host memory), make durable (journal), use. One
 * thread owns it.
 */
public final class Membership implements AutoCloseable {
  private final MembershipParts parts;
  private final GroupJournal journal;
  private final DataPlane plane;
  private final RekeySas rekeySas = new RekeySas();
  private final RekeyInbox inbox;

  private TokenPath path;
  private MemberState state = MemberState.NONE;

  public Membership(
      MembershipSettings settings,
      KeyCustody custody,
      SecureRandom random,
      AgentClock clock,
      InsecureKeyObserver observer) {
    this.parts = new MembershipParts(settings, custody, random, clock, observer);
    this.path = new TokenPath(custody, random, TreePolicy.PLAIN);
    this.journal = new GroupJournal(settings.journal(), custody, path, random, clock);
    this.plane = new DataPlane(new JournalReserve(journal));
    this.inbox = new RekeyInbox(rekeySas, () -> state.nextSpis(), this::apply);
  }

  /** The data SAs, for sending and receiving. */
  public DataPlane data() {
    return plane;
  }

  /** Whether keys are installed. */
  public boolean active() {
    return hasRekeySa() || !plane.entries().isEmpty();
  }

  /** Whether the group is rekeyed by messages that reach us without an IKE SA. */
  public boolean hasRekeySa() {
    return rekeySas.current() != null;
  }

  /** The Rekey SA's policy: where its messages are sent to. */
  public Optional<RekeySaPolicy> rekeyPolicy() {
    RekeySa sa = rekeySas.current();
    return sa == null ? Optional.empty() : Optional.of(sa.policy());
  }

  /** What {@code status} tells. */
  public MembershipStatus status() {
    RekeySa sa = rekeySas.current();
    KeyPathBook book = path.book();
    return new MembershipStatus(
        state.strict(),
        state.rekeysApplied(),
        sa == null ? -1 : sa.opener().nextMessageId() - 1,
        sa == null ? Optional.empty() : Optional.of(sa.policy().id().spi()),
        sa == null ? AgentClock.NEVER : sa.expiresNanos(),
        book == null ? List.of() : book.path().keyIds(),
        plane.entries());
  }

  /** The persistent keys in the token that this membership needs, from its journal on the disk. */
  public List<KeyName> persistentKeys() {
    KeyPathBook book = path.book();
    return book == null ? List.of() : book.roots();
  }

  /**
   * Takes up the membership that the journal holds.
   *
   * @return false when there is none that is still good: register
   * @throws JournalException when the journal cannot be believed: register
   */
  public boolean restore(long nowNanos)
      throws IOException, CustodyException, JournalException, InstallException {
    Optional<GroupSnapshot> found = journal.load();
    if (found.isEmpty()) {
      return false;
    }
    GroupSnapshot snapshot = found.get();
    TokenPath restored = parts.tokenPath(snapshot.tree());
    TokenPath.Change change = restored.prepare(snapshot.book(), List.of());
    RekeySa sa;
    boolean done = false;
    try {
      sa = parts.restoreRekeySa(snapshot, change, nowNanos);
      done = true;
    } finally {
      if (!done) {
        change.abort();
      }
    }
    change.commit();
    path = restored;
    rekeySas.restart(sa);
    state = parts.restoreState(snapshot);
    parts.restoreData(snapshot, sa, plane, state, nowNanos);
    return nowNanos < sa.expiresNanos();
  }

  /** Installs what a registration brought, in place of everything before; closes its GSK_w. */
  public void install(RegistrationResult result, long nowNanos) throws InstallException {
    try (SecretBytes gskW = result.gskW()) {
      PreparedRegistration fresh = parts.prepare(result, gskW, rekeySas.current(), plane, nowNanos);
      boolean durable = false;
      try {
        parts.pause();
        Optional<GroupSnapshot> snapshot = fresh.snapshot(plane, nowNanos);
        if (snapshot.isPresent()) {
          journal.begin(snapshot.get());
        } else {
          journal.delete();
        }
        durable = true;
      } catch (IOException e) {
        throw disk(e);
      } catch (CustodyException e) {
        throw MembershipParts.token(e);
      } finally {
        if (!durable) {
          fresh.abort();
        }
      }
      replaceBy(fresh, nowNanos);
    }
  }

  private void replaceBy(PreparedRegistration fresh, long nowNanos) {
    List<KeyName> oldRoots = persistentKeys();
    path.clear();
    path = fresh.commit();
    rekeySas.restart(fresh.rekeySa());
    state = fresh.state();
    long end = AgentClock.after(nowNanos, state.timing().deactivationSeconds());
    plane.retireAll(end);
    fresh.data().installInto(plane);
    fresh.data().close();
    parts.observeData(plane);
    parts.destroyRoots(oldRoots);
    inbox.clear();
  }

  /**
   * Handles a datagram on the group's rekey channel.
   *
   * @return what became of it, and then of those that had overtaken it
   */
  public List<RekeyOutcome> onRekeyDatagram(Bytes datagram, long nowNanos) {
    return inbox.receive(datagram, nowNanos);
  }

  /** Whether the GCKS announced an SA that we do not have. */
  public boolean announced(GroupSaId id) {
    return state.nextSpis().hintAtLostRekey(id);
  }

  /** Whether a rekey waits for the token or the disk. */
  public boolean holdsRekey() {
    return inbox.holds();
  }

  /** SAs that we had before a restart, as far as the journal knows them. */
  List<GroupSaId> earlierSas() {
    return journal.earlierSas();
  }

  /** Tries again what the token or the disk kept from being applied. */
  public List<RekeyOutcome> retry(long nowNanos) {
    return inbox.retry(nowNanos);
  }

  private RekeyOutcome apply(RekeySa over, AuthenticRekey rekey, long nowNanos) {
    boolean current = over == rekeySas.current();
    Optional<RekeyContent> content = current ? Optional.of(rekey.content()) : late(over, rekey);
    if (content.isEmpty()) {
      return RekeyOutcome.of(RekeyOutcome.Kind.IGNORED);
    }
    try {
      RekeyOutcome outcome =
          apply(
              content.get(),
              current,
              new PreparedRekey.Over(over::unwrap, Optional.of(over), rekey.signed()),
              nowNanos);
      // after a gap the path may have changed in what we missed: only the GCKS can tell
      return outcome.kind() == RekeyOutcome.Kind.EXCLUDED && rekey.missed() > 0
          ? RekeyOutcome.of(
              RekeyOutcome.Kind.REGISTER_ANEW, outcome.detail() + ", and rekeys were missed")
          : outcome;
    } catch (InstallException e) {
      return RekeyOutcome.of(e);
    }
  }

  /**
   * What still counts of a message over a replaced Rekey SA. Without a signature, whoever had that
   * SA's keys could have sent it, an evicted member too: nothing. From the GCKS, it was overtaken:
   * its deletions count, its SAs have successors already and must not come after them.
   */
  private static Optional<RekeyContent> late(RekeySa over, AuthenticRekey rekey) {
    List<GroupDelete> deletes = rekey.content().deletes();
    return !over.signed() || deletes.isEmpty()
        ? Optional.empty()
        : Optional.of(RekeyContent.ofDeletes(deletes));
  }

  /** Applies a GSA_INBAND_REKEY; closes {@code gskW}. */
  public RekeyOutcome onInbandRekey(
      RekeyContent content, KeyWrap keyWrap, SecretBytes gskW, long nowNanos) {
    try (gskW) {
      return apply(
          content,
          true,
          new PreparedRekey.Over(
              key -> keyWrap.unwrap(gskW, key.encryptedKey()), Optional.empty(), Optional.empty()),
          nowNanos);
    } catch (InstallException e) {
      // an IKE SA repeats its request, the inbox holds nothing: only a registration helps
      return RekeyOutcome.of(RekeyOutcome.Kind.REGISTER_ANEW, String.valueOf(e.getMessage()));
    }
  }

  private RekeyOutcome apply(
      RekeyContent content, boolean current, PreparedRekey.Over over, long nowNanos)
      throws InstallException {
    if (Deletions.endMembership(content)) {
      return RekeyOutcome.of(RekeyOutcome.Kind.DELETED, "the GCKS deletes the group SA");
    }
    RekeySa rekeySa = rekeySas.current();
    Optional<PreparedRekey> prepared =
        parts.prepareRekey(content, current, over, state, path, rekeySa, plane, nowNanos);
    if (prepared.isEmpty()) {
      return RekeyOutcome.of(RekeyOutcome.Kind.EXCLUDED, "no key of ours opens the new group keys");
    }
    PreparedRekey rekey = prepared.get();
    long retireAt = AgentClock.after(nowNanos, rekey.state().timing().deactivationSeconds());
    Deletions deletions = Deletions.of(content, plane.entries());
    boolean durable = false;
    try {
      parts.pause();
      Optional<GroupSnapshot> snapshot =
          rekey.snapshot(
              path.book(),
              rekeySa,
              plane,
              sa -> Math.min(sa.endNanos(), deletions.include(sa) ? retireAt : sa.endNanos()),
              nowNanos);
      if (snapshot.isPresent() && journal.isOpen()) {
        journal.store(snapshot.get());
      } else {
        journal.delete();
      }
      durable = true;
    } catch (IOException e) {
      throw disk(e);
    } catch (CustodyException e) {
      throw MembershipParts.token(e);
    } finally {
      if (!durable) {
        rekey.abort();
      }
    }
    commit(rekey, deletions, retireAt, nowNanos);
    boolean ends = Deletions.endRekeying(content, rekeySa, rekey.rekeySa() != null);
    return RekeyOutcome.of(
        ends ? RekeyOutcome.Kind.DELETED : RekeyOutcome.Kind.APPLIED,
        ends ? "the GCKS deletes the Rekey SA" : "");
  }

  private void commit(PreparedRekey rekey, Deletions deletions, long retireAt, long nowNanos) {
    state = rekey.state();
    RekeySa fresh = rekey.rekeySa();
    rekey.commit();
    if (fresh != null) {
      rekeySas.replace(fresh, retireAt);
    }
    for (DataPlane.Entry sa : plane.entries()) {
      if (deletions.include(sa)) {
        plane.retire(sa.policy().id().spi(), retireAt);
      }
    }
    rekey.data().installInto(plane);
    rekey.data().close();
    parts.observeData(plane);
    onTimer(nowNanos);
  }

  /** Wipes what has reached its end. */
  public void onTimer(long nowNanos) {
    plane.expire(nowNanos);
    rekeySas.expire(nowNanos);
  }

  /** When {@link #onTimer} has something to do next. */
  public long nextEndNanos() {
    return Math.min(plane.nextEndNanos(), rekeySas.nextEndNanos());
  }

  /** The first time that an SA needs a successor, as a share of its life; see {@link SoftLife}. */
  public long soonestSoftEndNanos(double share) {
    long soonest = AgentClock.NEVER;
    RekeySa now = rekeySas.current();
    if (now != null) {
      soonest = SoftLife.softEnd(now.sinceNanos(), now.expiresNanos(), share);
    }
    return Math.min(soonest, SoftLife.ofNewest(plane.entries(), share));
  }

  /** The token is back: its session objects are new. */
  public void tokenRecovered() throws CustodyException {
    path.forgetObjects();
    journal.renewKey();
  }

  /** Forgets the group: keys in memory, in the token and on the disk. */
  public void forget() {
    List<KeyName> roots = persistentKeys();
    try {
      journal.delete();
    } catch (IOException e) {
      // the root key goes below, and without it nobody reads the journal
      parts.warn("the journal of a group left cannot be deleted: " + e.getMessage());
    }
    plane.close();
    rekeySas.close();
    path.clear();
    parts.destroyRoots(roots);
    state = MemberState.NONE;
    inbox.clear();
  }

  private static InstallException disk(IOException e) {
    return new InstallException(
        InstallException.Kind.DISK, "the journal cannot be written: " + e.getMessage());
  }

  static Timing timing(Timing before, Optional<GroupWidePolicy> policy) {
    return policy.isEmpty()
        ? before
        : new Timing(
            policy.get().activationDelaySeconds().orElse(0),
            policy.get().deactivationDelaySeconds().orElse(0));
  }

  /** Wipes host memory and session objects; the journal and the token keep the membership. */
  @Override
  public void close() {
    plane.writeLastMarks();
    journal.close();
    plane.close();
    rekeySas.close();
    path.clear();
  }
}
