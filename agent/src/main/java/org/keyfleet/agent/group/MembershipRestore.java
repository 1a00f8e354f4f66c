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

  RekeySa rekeySa(GroupSnapshot snapshot, TokenPath.Change change, long nowNanos)
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
              clock.toNanos(entry.expiresMillis(), nowNanos));
      observer.rekeySa(sa.policy(), sa.keys());
      return sa;
    } catch (NotAllowedHereException e) {
      throw new InstallException(
          InstallException.Kind.KEYS, "the journal's AUTH_KEY: " + e.getMessage());
    }
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
        snapshot.strict(),
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
    for (DataSaEntry entry : snapshot.dataSas()) {
      long end = clock.toNanos(entry.endMillis(), nowNanos);
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
