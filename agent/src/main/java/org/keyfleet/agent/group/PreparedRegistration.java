package org.keyfleet.agent.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.group.GroupSnapshot.Timing;
import org.keyfleet.agent.registration.RegistrationResult;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.gikev2.GroupKeyBag;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.GroupUpdate;
import org.keyfleet.protocol.gikev2.GroupWidePolicy;
import org.keyfleet.protocol.gikev2.KeyPathPlan;
import org.keyfleet.protocol.gikev2.KeyPathResolver;
import org.keyfleet.protocol.gikev2.KfAgree;
import org.keyfleet.protocol.gikev2.KfGkma;
import org.keyfleet.protocol.gikev2.MessageIdGuard;
import org.keyfleet.protocol.gikev2.NextSpis;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.RekeySuite;
import org.keyfleet.protocol.gikev2.RekeyVerifier;
import org.keyfleet.protocol.gikev2.WorkingKeyPath;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** A registration whose keys are in the token and in host memory, but not in use yet. */
final class PreparedRegistration {
  private final MembershipParts parts;
  private final TokenPath path;
  private final List<KeyName> roots = new ArrayList<>();
  private final TokenGate gate;
  private TokenPath.@Nullable Change change;
  private @Nullable RekeySa rekeySa;
  private @Nullable DataInstaller data;
  private MemberState state;

  private PreparedRegistration(MembershipParts parts, TokenPath path, MemberState state) {
    this.parts = parts;
    this.path = path;
    this.state = state;
    this.gate = parts.tokenGate();
  }

  /**
   * Prepares everything; when it throws nothing is left behind.
   *
   * @param gskW stays the caller's
   * @param before the Rekey SA in use, if there is one: a second registration may bring it again
   */
  static PreparedRegistration of(
      MembershipParts parts,
      RegistrationResult result,
      SecretBytes gskW,
      @Nullable RekeySa before,
      DataPlane plane,
      long nowNanos)
      throws InstallException {
    TreePolicy tree = tree(result);
    parts.requireCustody(tree);
    PreparedRegistration prepared =
        new PreparedRegistration(parts, parts.tokenPath(tree), stateOf(parts, result, tree));
    boolean done = false;
    try {
      if (result.policy().rekeySa().isPresent()) {
        prepared.installRekeySa(result, result.policy().rekeySa().get(), gskW, before, nowNanos);
      }
      prepared.data =
          DataInstaller.ofRegistration(
              new GroupUpdate(result.policy(), result.keys()),
              result.tunnel(),
              prepared.state.sending(parts.settings().sender()),
              plane,
              key -> result.keyWrap().unwrap(gskW, key.encryptedKey()),
              nowNanos);
      done = true;
      return prepared;
    } catch (CustodyException e) {
      throw MembershipParts.token(e);
    } catch (NotAuthenticException e) {
      throw keys("the keys do not open with GSK_w");
    } catch (NotAllowedHereException | MalformedMessageException e) {
      throw keys(String.valueOf(e.getMessage()));
    } finally {
      if (!done) {
        prepared.abort();
      }
    }
  }

  private static TreePolicy tree(RegistrationResult result) throws InstallException {
    if (!result.keyfleetPeer() || result.policy().rekeySa().isEmpty()) {
      return TreePolicy.PLAIN;
    }
    RekeySaPolicy policy = result.policy().rekeySa().get();
    try {
      Optional<KfGkma> gkma = KfGkma.find(policy);
      if (gkma.isEmpty()) {
        return TreePolicy.PLAIN;
      }
      boolean chains = gkma.get().algorithm() == KfGkma.Algorithm.OFC;
      return new TreePolicy(
          gkma.get().strictCustody(), chains ? RekeySa.suite(policy).keyWrap().keyOctets() : 0);
    } catch (MalformedMessageException | IllegalArgumentException e) {
      throw keys(String.valueOf(e.getMessage()));
    }
  }

  private static MemberState stateOf(
      MembershipParts parts, RegistrationResult result, TreePolicy tree) {
    GroupPolicy policy = result.policy();
    Optional<GroupWidePolicy> wide = policy.groupWide();
    return new MemberState(
        parts.clock().nowMillis(),
        0,
        tree,
        result.tunnel(),
        Membership.timing(new Timing(0, 0), wide),
        result.keys().memberBag().senderIds(),
        wide.isPresent() ? wide.get().senderIdBits() : OptionalInt.empty(),
        NextSpis.of(policy));
  }

  private void installRekeySa(
      RegistrationResult result,
      RekeySaPolicy policy,
      SecretBytes gskW,
      @Nullable RekeySa before,
      long nowNanos)
      throws InstallException,
          CustodyException,
          NotAuthenticException,
          NotAllowedHereException,
          MalformedMessageException {
    RekeySuite suite = RekeySa.suite(policy);
    if (!suite.keyWrapIsStrongEnough(result.policy())) {
      // section 3.1: SHOULD NOT, so it is said and not refused
      parts.warn("the group's key wrap keys are shorter than its traffic keys");
    }
    Optional<GroupKeyBag> bag = result.keys().bag(policy.id());
    if (bag.isEmpty()) {
      throw keys("the Rekey SA has no keys");
    }
    Optional<KfAgree> agreement = RootInstall.agreement(result);
    KeyPathPlan plan =
        KeyPathResolver.atRegistration(
            result.keys(), bag.get(), RootInstall.agreedKeyId(agreement), WorkingKeyPath.EMPTY);
    if (!(plan instanceof KeyPathPlan.Reachable reachable)) {
      throw keys("no key path leads to the Rekey SA's keys");
    }
    RekeyVerifier verifier = RekeyVerifier.of(policy, result.keys().memberBag());
    MessageIdGuard messageIds = MessageIdGuard.starting(policy, lastReceived(policy, before));
    gate.start(policy, verifier, messageIds, reachable.saKey().encryptedKey());
    try (SecretBytes keymat = keymat(result, gskW, reachable, agreement)) {
      rekeySa =
          RekeySa.of(
              policy,
              keymat,
              verifier,
              messageIds,
              change == null ? List.of() : List.of(reachable.saKey()),
              nowNanos,
              expiry(policy, nowNanos));
    }
  }

  /** Section 2.3.3: an initial Message ID below one received over the same SA "MUST be ignored". */
  private static OptionalLong lastReceived(RekeySaPolicy policy, @Nullable RekeySa before) {
    return before != null && before.policy().id().equals(policy.id())
        ? OptionalLong.of(before.opener().nextMessageId() - 1)
        : OptionalLong.empty();
  }

  private SecretBytes keymat(
      RegistrationResult result,
      SecretBytes gskW,
      KeyPathPlan.Reachable plan,
      Optional<KfAgree> agreement)
      throws InstallException, CustodyException, NotAuthenticException {
    WrappedKey saKey = plan.saKey();
    if (plan.wrapKeys().isEmpty()) {
      if (state.strict()) {
        throw new InstallException(
            InstallException.Kind.POLICY, "strict custody: the Rekey SA's keys came under GSK_w");
      }
      return result.keyWrap().unwrap(gskW, saKey.encryptedKey());
    }
    if (state.strict() && plan.wrapKeys().get(0).kwkId() == WrappedKey.DEFAULT_KWK) {
      throw new InstallException(
          InstallException.Kind.POLICY, "strict custody: the root key came under GSK_w");
    }
    KeyPathBook book = parts.rootInstall(path).install(result, gskW, plan, agreement, roots);
    TokenPath.Change prepared = path.prepare(book, plan.wrapKeys());
    change = prepared;
    return prepared.release(saKey);
  }

  static long expiry(RekeySaPolicy policy, long nowNanos) {
    return policy.attributes().lifetimeSeconds().isPresent()
        ? AgentClock.after(nowNanos, policy.attributes().lifetimeSeconds().getAsLong())
        : AgentClock.NEVER;
  }

  private static InstallException keys(String text) {
    return new InstallException(InstallException.Kind.KEYS, text);
  }

  /** What goes into the journal; empty when the token alone could not restore it. */
  Optional<GroupSnapshot> snapshot(DataPlane plane, long nowNanos) {
    TokenPath.Change made = change;
    try (DataPlane none = new DataPlane((spi, upTo) -> {})) {
      return new Snapshots(parts.clock())
          .of(
              state,
              made == null ? null : made.after(),
              rekeySa,
              none,
              data(),
              DataPlane.Entry::endNanos,
              nowNanos);
    }
  }

  /** The path in use from now on. */
  TokenPath commit() {
    gate.confirm();
    TokenPath.Change made = change;
    if (made != null) {
      made.commit();
    }
    RekeySa sa = rekeySa;
    if (sa != null) {
      parts.observer().rekeySa(sa.policy(), sa.keys());
    }
    return path;
  }

  /** Nothing of it happens. */
  void abort() {
    TokenPath.Change made = change;
    if (made != null) {
      made.abort();
    }
    RekeySa sa = rekeySa;
    if (sa != null) {
      sa.close();
    }
    DataInstaller prepared = data;
    if (prepared != null) {
      prepared.close();
    }
    parts.destroyRoots(roots);
  }

  @Nullable RekeySa rekeySa() {
    return rekeySa;
  }

  MemberState state() {
    return state;
  }

  DataInstaller data() {
    DataInstaller prepared = data;
    if (prepared == null) {
      throw new IllegalStateException("not prepared");
    }
    return prepared;
  }
}
