package org.keyfleet.agent.group;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.data.DataSaInstall;
import org.keyfleet.agent.data.SenderRole;
import org.keyfleet.agent.group.GroupSnapshot.DataSaEntry;
import org.keyfleet.agent.group.GroupSnapshot.RekeySaEntry;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.MemberKeyBag;
import org.keyfleet.protocol.gikev2.MessageIdGuard;
import org.keyfleet.protocol.gikev2.NextSpis;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.gikev2.RekeySaKeys;
import org.keyfleet.protocol.gikev2.RekeySuite;
import org.keyfleet.protocol.gikev2.RekeyVerifier;
import org.keyfleet.protocol.gikev2.SaAttributes;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** Makes a membership of its journal and the token: the way of the keys once more. */
final class MembershipRestore {
  private final AgentClock clock;
  private final InsecureKeyObserver observer;

  MembershipRestore(AgentClock clock, InsecureKeyObserver observer) {
    this.clock = clock;
    this.observer = observer;
  }

  /** Whether a fault is of the token's absence and not of the keys in it: wait, or ask the user. */
  static boolean mayPass(CustodyException e) {
    return switch (e.fault()) {
      case TOKEN_GONE, TOKEN_FULL, PIN, PIN_LAST_TRY, PIN_LOCKED -> true;
      case BAD_WRAP, NO_KEY, EXISTS, POLICY, CUSTODY_VIOLATION, UNSUPPORTED, INTERNAL -> false;
    };
  }

  /**
   * The Rekey SA; when this throws, {@code change} has left nothing in the token.
   *
   * @throws CustodyException when the token does not answer
   * @throws InstallException when the journal or what the token holds is no membership: register
   */
  RekeySa rekeySa(GroupSnapshot snapshot, TokenPath.Change change, long nowNanos)
      throws CustodyException, InstallException {
    boolean done = false;
    try {
      requireTimeGoesOn(snapshot);
      RekeySa sa = openRekeySa(snapshot, change, nowNanos);
      done = true;
      return sa;
    } catch (CustodyException e) {
      if (mayPass(e)) {
        throw e;
      }
      throw new InstallException(
          InstallException.Kind.KEYS,
          "the token has not the keys of the journal: " + e.getMessage());
    } finally {
      if (!done) {
        change.abort();
      }
    }
  }

  /** A clock that stands before the journal says nothing about what is left of a lifetime. */
  private void requireTimeGoesOn(GroupSnapshot snapshot) throws InstallException {
    if (clock.nowMillis() < snapshot.writtenMillis()) {
      throw new InstallException(
          InstallException.Kind.CLOCK, "the clock is before the time that the journal was written");
    }
  }

  private RekeySa openRekeySa(GroupSnapshot snapshot, TokenPath.Change change, long nowNanos)
      throws CustodyException, InstallException {
    RekeySaEntry entry = snapshot.rekeySa();
    RekeySuite suite = RekeySa.suite(entry.policy());
    try (SecretBytes keymat = keymat(entry.keymat(), suite, change)) {
      RekeySa sa =
          RekeySa.of(
              entry.policy(),
              keymat,
              verifier(entry),
              MessageIdGuard.resuming(entry.nextMessageId() - 1),
              entry.keymat(),
              nowNanos,
              end(entry.expiresMillis(), entry.policy().attributes(), nowNanos));
      observer.rekeySa(sa.policy(), sa.keys());
      return sa;
    } catch (NotAllowedHereException e) {
      throw new InstallException(
          InstallException.Kind.KEYS, "the journal's AUTH_KEY: " + e.getMessage());
    }
  }

  /** Never more than GSA_KEY_LIFETIME from now, whatever the clock says. */
  private long end(long endMillis, SaAttributes attributes, long nowNanos) {
    long end = clock.toNanos(endMillis, nowNanos);
    return attributes.lifetimeSeconds().isPresent()
        ? Math.min(end, AgentClock.after(nowNanos, attributes.lifetimeSeconds().getAsLong()))
        : end;
  }

  private static RekeyVerifier verifier(RekeySaEntry entry) throws NotAllowedHereException {
    MemberKeyBag bag = MemberKeyBag.EMPTY;
    Optional<Bytes> authKey = entry.authKey();
    return RekeyVerifier.of(
        entry.policy(), authKey.isPresent() ? bag.withAuthKey(authKey.get()) : bag);
  }

  /** The first step by the token, each other one under GSK_w from the one before. */
  private static SecretBytes keymat(
      List<WrappedKey> steps, RekeySuite suite, TokenPath.Change change)
      throws CustodyException, InstallException {
    if (steps.isEmpty()) {
      throw new InstallException(InstallException.Kind.KEYS, "the journal has no Rekey SA keys");
    }
    SecretBytes keymat = change.release(steps.get(0));
    for (WrappedKey step : steps.subList(1, steps.size())) {
      try (SecretBytes previous = keymat;
          RekeySaKeys keys = RekeySaKeys.split(previous, suite)) {
        keymat = suite.keyWrap().unwrap(keys.keyWrap(), step.encryptedKey());
      } catch (NotAuthenticException | MalformedMessageException e) {
        throw new InstallException(
            InstallException.Kind.KEYS, "the journal's Rekey SA keys do not open");
      }
    }
    return keymat;
  }

  static MemberState state(GroupSnapshot snapshot) {
    Set<GroupSaId> announced = new HashSet<>();
    for (Bytes spi : snapshot.rekeySa().policy().attributes().nextSpis()) {
      announced.add(GroupSaId.rekey(spi));
    }
    boolean tunnel = true;
    for (DataSaEntry sa : snapshot.dataSas()) {
      tunnel = sa.tunnel();
      for (Bytes spi : sa.policy().attributes().nextSpis()) {
        announced.add(new GroupSaId(sa.policy().id().protocol(), spi));
      }
    }
    return new MemberState(
        snapshot.registeredMillis(),
        snapshot.rekeysApplied(),
        snapshot.tree(),
        tunnel,
        snapshot.timing(),
        snapshot.senderIds(),
        snapshot.senderIdBits(),
        new NextSpis(announced));
  }

  void data(
      GroupSnapshot snapshot,
      RekeySa rekeySa,
      DataPlane plane,
      MemberState state,
      boolean sender,
      long nowNanos)
      throws InstallException {
    plane.holdSending();
    for (DataSaEntry entry : snapshot.dataSas()) {
      long end = end(entry.endMillis(), entry.policy().attributes(), nowNanos);
      if (end <= nowNanos || !DataPlane.supports(entry.policy())) {
        continue;
      }
      Optional<SenderRole> role = entry.sender() ? state.sending(sender).role() : Optional.empty();
      WrappedKey wrapped = new WrappedKey(0, 0, entry.wrappedKeymat());
      try {
        plane.install(
            new DataSaInstall(
                entry.policy(),
                entry.tunnel(),
                role,
                entry.firstFreeCounter(),
                entry.received(),
                nowNanos,
                nowNanos,
                end),
            rekeySa.unwrap(wrapped));
      } catch (NotAuthenticException e) {
        throw new InstallException(
            InstallException.Kind.KEYS, "the journal's data keys do not open");
      }
      if (entry.retiring()) {
        plane.retire(entry.policy().id().spi(), end);
      }
    }
  }
}
