package org.keyfleet.agent.group;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.group.GroupSnapshot.Timing;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.GroupKeyBag;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.GroupUpdate;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.gikev2.KeyPathPlan;
import org.keyfleet.protocol.gikev2.KeyPathResolver;
import org.keyfleet.protocol.gikev2.KfChain;
import org.keyfleet.protocol.gikev2.MessageIdGuard;
import org.keyfleet.protocol.gikev2.NextSpis;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.RekeySuite;
import org.keyfleet.protocol.gikev2.SignedRekey;
import org.keyfleet.protocol.gikev2.WorkingKeyPath;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** A rekey whose keys are in the token and in host memory, but not in use yet. */
final class PreparedRekey {
  private final MembershipParts parts;
  private final MemberState state;
  private final DataInstaller data;
  private final TokenGate gate;
  private TokenPath.@Nullable Change change;
  private @Nullable RekeySa rekeySa;

  private PreparedRekey(MembershipParts parts, MemberState state, DataInstaller data) {
    this.parts = parts;
    this.state = state;
    this.data = data;
    this.gate = parts.tokenGate();
  }

  /**
   * The SA that a message came over.
   *
   * @param unwrap by its default key wrap key
   * @param rekeySa empty when it was an IKE SA
   * @param signed for a token that verifies the message itself
   */
  record Over(
      DataInstaller.Unwrap unwrap, Optional<RekeySa> rekeySa, Optional<SignedRekey> signed) {}

  /**
   * Prepares everything; when it throws nothing is left behind.
   *
   * @param current whether the message came over the newest Rekey SA: only that may replace it
   * @return empty when no key path leads to the new Rekey SA: excluded
   */
  static Optional<PreparedRekey> of(
      MembershipParts parts,
      RekeyContent content,
      boolean current,
      Over over,
      MemberState before,
      TokenPath path,
      @Nullable RekeySa rekeySa,
      DataPlane plane,
      long nowNanos)
      throws InstallException {
    if (content.update().isEmpty()) {
      return Optional.of(
          new PreparedRekey(
              parts, before.rekeyed(before.timing(), before.nextSpis()), DataInstaller.nothing()));
    }
    GroupUpdate update = content.update().get();
    Timing timing = Membership.timing(before.timing(), update.policy().groupWide());
    MemberState after = before.rekeyed(timing, announced(before, update.policy()));
    DataInstaller data =
        DataInstaller.ofRekey(
            update,
            before.tunnel(),
            after.sending(parts.settings().sender()),
            timing,
            plane,
            over.unwrap(),
            nowNanos);
    PreparedRekey prepared = new PreparedRekey(parts, after, data);
    boolean done = false;
    try {
      if (current && update.policy().rekeySa().isPresent()) {
        done =
            prepared.prepareRekeySa(
                update, update.policy().rekeySa().get(), over, path, rekeySa, nowNanos);
      } else {
        if (current && content.newAuthKey().isPresent()) {
          prepared.gate.admit(over.signed(), Bytes.EMPTY);
        }
        done = true;
      }
      return done ? Optional.of(prepared) : Optional.empty();
    } catch (CustodyException e) {
      throw MembershipParts.token(e);
    } catch (NotAuthenticException e) {
      throw new InstallException(InstallException.Kind.KEYS, "the new Rekey SA's keys do not open");
    } finally {
      if (!done) {
        prepared.abort();
      }
    }
  }

  private static NextSpis announced(MemberState before, GroupPolicy policy) {
    NextSpis fresh = NextSpis.of(policy);
    return fresh.announced().isEmpty() ? before.nextSpis().without(policy) : fresh;
  }

  /** False when we are excluded. */
  private boolean prepareRekeySa(
      GroupUpdate update,
      RekeySaPolicy policy,
      Over over,
      TokenPath path,
      @Nullable RekeySa before,
      long nowNanos)
      throws InstallException, CustodyException, NotAuthenticException {
    if (before == null) {
      throw new InstallException(
          InstallException.Kind.KEYS, "a Rekey SA whose authentication nobody told us");
    }
    Optional<GroupKeyBag> bag = update.keys().bag(policy.id());
    if (bag.isEmpty()) {
      throw new InstallException(InstallException.Kind.KEYS, "the Rekey SA has no keys");
    }
    KeyPathBook book = path.book();
    WorkingKeyPath held = book == null ? WorkingKeyPath.EMPTY : book.path();
    KeyPathPlan plan =
        KeyPathResolver.onRekey(update.keys(), bag.get(), chains(update.keys()), held);
    if (!(plan instanceof KeyPathPlan.Reachable reachable)) {
      return false;
    }
    // section 4.4.2.1.1: "The authentication method MUST NOT change as a result of rekey"
    RekeySaPolicy complete =
        new RekeySaPolicy(
            policy.id(),
            policy.source(),
            policy.destination(),
            policy.cipher(),
            policy.keyWrapId(),
            before.policy().authentication(),
            policy.attributes());
    RekeySuite suite = RekeySa.suite(complete);
    WrappedKey saKey = reachable.saKey();
    gate.admit(over.signed(), saKey.encryptedKey());
    List<WrappedKey> steps =
        saKey.kwkId() == WrappedKey.DEFAULT_KWK ? refreshSteps(over, saKey, suite) : List.of(saKey);
    try (SecretBytes keymat = keymat(over, reachable, path, book)) {
      rekeySa =
          RekeySa.of(
              complete,
              keymat,
              before.opener().verifier(),
              MessageIdGuard.starting(complete, OptionalLong.empty()),
              steps,
              nowNanos,
              PreparedRegistration.expiry(complete, nowNanos));
    }
    return true;
  }

  /** Only a group with one-way function chains derives keys. */
  private KfChain chains(KeyDownload keys) throws InstallException {
    try {
      return state.tree().chains() ? KfChain.find(keys.memberBag()) : KfChain.NONE;
    } catch (MalformedMessageException e) {
      throw new InstallException(InstallException.Kind.KEYS, String.valueOf(e.getMessage()));
    }
  }

  private static List<WrappedKey> refreshSteps(Over over, WrappedKey saKey, RekeySuite suite) {
    return over.rekeySa().isPresent() ? over.rekeySa().get().refreshedBy(saKey, suite) : List.of();
  }

  private SecretBytes keymat(
      Over over, KeyPathPlan.Reachable plan, TokenPath path, @Nullable KeyPathBook book)
      throws InstallException, CustodyException, NotAuthenticException {
    WrappedKey saKey = plan.saKey();
    if (saKey.kwkId() == WrappedKey.DEFAULT_KWK) {
      if (state.strict()) {
        throw new InstallException(
            InstallException.Kind.POLICY, "strict custody: the Rekey SA's keys came under GSK_w");
      }
      return over.unwrap().unwrap(saKey);
    }
    if (book == null) {
      throw new InstallException(InstallException.Kind.KEYS, "a key path without a root");
    }
    TokenPath.Change prepared =
        path.prepare(book.after(plan.pathAfter(), plan.wrapKeys()), plan.wrapKeys());
    change = prepared;
    return prepared.release(saKey);
  }

  /** What goes into the journal; empty when the token alone could not restore it. */
  Optional<GroupSnapshot> snapshot(
      @Nullable KeyPathBook bookBefore,
      @Nullable RekeySa rekeySaBefore,
      DataPlane plane,
      Snapshots.Retirement retirement,
      long nowNanos) {
    TokenPath.Change made = change;
    RekeySa fresh = rekeySa;
    return new Snapshots(parts.clock())
        .of(
            state,
            made == null ? bookBefore : made.after(),
            fresh == null ? rekeySaBefore : fresh,
            plane,
            data,
            retirement,
            nowNanos);
  }

  /** Uses the new path. */
  void commit() {
    gate.confirm();
    TokenPath.Change made = change;
    if (made != null) {
      made.commit();
    }
    RekeySa fresh = rekeySa;
    if (fresh != null) {
      parts.observer().rekeySa(fresh.policy(), fresh.keys());
    }
  }

  /** Nothing of it happens. */
  void abort() {
    TokenPath.Change made = change;
    if (made != null) {
      made.abort();
    }
    RekeySa fresh = rekeySa;
    if (fresh != null) {
      fresh.close();
    }
    data.close();
  }

  MemberState state() {
    return state;
  }

  @Nullable RekeySa rekeySa() {
    return rekeySa;
  }

  DataInstaller data() {
    return data;
  }
}
