package org.keyfleet.agent.group;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.registration.RegistrationResult;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** What the changes of a membership are made with: token, randomness, clock, settings. */
final class MembershipParts {
  private static final Logger LOG = System.getLogger(MembershipParts.class.getName());

  private final MembershipSettings settings;
  private final KeyCustody custody;
  private final SecureRandom random;
  private final AgentClock clock;
  private final InsecureKeyObserver observer;

  MembershipParts(
      MembershipSettings settings,
      KeyCustody custody,
      SecureRandom random,
      AgentClock clock,
      InsecureKeyObserver observer) {
    this.settings = settings;
    this.custody = custody;
    this.random = random;
    this.clock = clock;
    this.observer = observer;
  }

  MembershipSettings settings() {
    return settings;
  }

  AgentClock clock() {
    return clock;
  }

  InsecureKeyObserver observer() {
    return observer;
  }

  TokenPath tokenPath(TreePolicy tree) {
    return new TokenPath(custody, random, tree);
  }

  TokenGate tokenGate() {
    return new TokenGate(custody);
  }

  RootInstall rootInstall(TokenPath path) {
    return new RootInstall(custody, path, settings.identity());
  }

  PreparedRegistration prepare(
      RegistrationResult result,
      SecretBytes gskW,
      @Nullable RekeySa before,
      DataPlane plane,
      long nowNanos)
      throws InstallException {
    return PreparedRegistration.of(this, result, gskW, before, plane, nowNanos);
  }

  Optional<PreparedRekey> prepareRekey(
      RekeyContent content,
      boolean current,
      PreparedRekey.Over over,
      MemberState state,
      TokenPath path,
      @Nullable RekeySa rekeySa,
      DataPlane plane,
      long nowNanos)
      throws InstallException {
    return PreparedRekey.of(this, content, current, over, state, path, rekeySa, plane, nowNanos);
  }

  /** A strict group is for tokens that keep the keys of the tree to themselves. */
  void requireCustody(TreePolicy tree) throws InstallException {
    boolean strict = tree.strict();
    if (tree.chains() && !custody.capabilities().chains()) {
      throw new InstallException(
          InstallException.Kind.POLICY,
          "the group's keys are one-way function chains, which this token does not compute");
    }
    if (settings.requireStrict() && !strict) {
      throw new InstallException(
          InstallException.Kind.POLICY,
          "the group's custody level is standard, strict is required");
    }
    CustodyLevel level = custody.capabilities().level();
    if (strict && !level.meets(CustodyLevel.IN_TOKEN)) {
      throw new InstallException(
          InstallException.Kind.POLICY,
          level == CustodyLevel.HOST
              ? "the group demands strict custody: use a PKCS#11 token"
              : "the group demands strict custody: this token does not unwrap keys inside");
    }
  }

  void warn(String text) {
    LOG.log(Level.WARNING, text);
  }

  /** Only for tests that kill the process between the token's work and the journal's. */
  void pause() {
    long millis = settings.insecureTestPauseMillis();
    if (millis > 0) {
      LOG.log(Level.WARNING, "pausing between token and journal for a test: " + millis + " ms");
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
    }
  }

  void observeData(DataPlane plane) {
    if (observer == InsecureKeyObserver.NONE) {
      return;
    }
    for (DataPlane.Entry entry : plane.entries()) {
      Bytes spi = entry.policy().id().spi();
      try (SecretBytes key = plane.copyKey(spi)) {
        observer.dataSa(entry.policy(), key);
      }
    }
  }

  /** Destroys roots that no journal names any more. */
  void destroyRoots(List<KeyName> roots) {
    for (KeyName root : roots) {
      try {
        Optional<KeyRef> key = custody.find(root);
        if (key.isPresent()) {
          custody.destroy(key.get());
        }
      } catch (CustodyException e) {
        LOG.log(Level.WARNING, "an old root key stays until the next start: " + e.getMessage());
      }
    }
  }

  static InstallException token(CustodyException e) {
    return new InstallException(kind(e.fault()), String.valueOf(e.getMessage()));
  }

  private static InstallException.Kind kind(CustodyFault fault) {
    if (fault == CustodyFault.TOKEN_GONE) {
      return InstallException.Kind.TOKEN_GONE;
    }
    return fault == CustodyFault.TOKEN_FULL
        ? InstallException.Kind.TOKEN_FULL
        : InstallException.Kind.TOKEN;
  }

  // ---- start-up: see MembershipRestore

  RekeySa restoreRekeySa(GroupSnapshot snapshot, TokenPath.Change change, long nowNanos)
      throws CustodyException, InstallException {
    return new MembershipRestore(clock, observer).rekeySa(snapshot, change, nowNanos);
  }

  MemberState restoreState(GroupSnapshot snapshot) {
    return MembershipRestore.state(snapshot);
  }

  void restoreData(
      GroupSnapshot snapshot, RekeySa sa, DataPlane plane, MemberState state, long nowNanos)
      throws InstallException {
    new MembershipRestore(clock, observer)
        .data(snapshot, sa, plane, state, settings.sender(), nowNanos);
    observeData(plane);
  }
}
