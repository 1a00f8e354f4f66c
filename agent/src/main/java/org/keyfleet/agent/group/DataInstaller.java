package org.keyfleet.agent.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.data.DataSaInstall;
import org.keyfleet.agent.data.SenderRole;
import org.keyfleet.agent.group.GroupSnapshot.Timing;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupKeyBag;
import org.keyfleet.protocol.gikev2.GroupUpdate;
import org.keyfleet.protocol.gikev2.SenderId;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** Prepares Data-Security SAs: all keys are unwrapped before the first SA is installed. */
final class DataInstaller implements AutoCloseable {
  private final List<DataSaInstall> installs = new ArrayList<>();
  private final List<SecretBytes> keys = new ArrayList<>();
  private boolean registration;

  /** Unwraps under a default key wrap key. */
  @FunctionalInterface
  interface Unwrap {
    SecretBytes unwrap(WrappedKey key) throws NotAuthenticException;
  }

  /**
   * Who we are as a sender.
   *
   * @param ids from the registration; the first is used
   */
  record Sending(boolean sender, List<SenderId> ids, OptionalInt bits) {

    /** Our part of the IV space of an SA; empty when we do not send. */
    Optional<SenderRole> role() throws InstallException {
      if (!sender) {
        return Optional.empty();
      }
      if (ids.isEmpty() || bits.isEmpty()) {
        throw new InstallException(
            InstallException.Kind.NO_SENDER_ID, "no Sender-ID for the data SAs");
      }
      if (!ids.get(0).fits(bits.getAsInt())) {
        throw new InstallException(
            InstallException.Kind.NO_SENDER_ID, "the Sender-ID does not fit its bits");
      }
      return Optional.of(new SenderRole(ids.get(0), bits.getAsInt()));
    }
  }

  /** No data SA. */
  static DataInstaller nothing() {
    return new DataInstaller();
  }

  /** Unwraps the keys of every data SA that a registration brings. */
  static DataInstaller ofRegistration(
      GroupUpdate update,
      boolean tunnel,
      Sending sending,
      Timing timing,
      DataPlane plane,
      Unwrap unwrap,
      long nowNanos)
      throws InstallException {
    DataInstaller prepared =
        prepare(new Change(update, tunnel, sending, plane, nowNanos, nowNanos), unwrap);
    prepared.registration = true;
    return prepared;
  }

  /** Unwraps the keys of every data SA that a rekey brings. */
  static DataInstaller ofRekey(
      GroupUpdate update,
      boolean tunnel,
      Sending sending,
      Timing timing,
      DataPlane plane,
      Unwrap unwrap,
      long nowNanos)
      throws InstallException {
    // section 4.4.3.1.1: ATD is for the change from one SA to the next
    long sendFrom =
        plane.entries().isEmpty()
            ? nowNanos
            : AgentClock.after(nowNanos, timing.activationSeconds());
    return prepare(new Change(update, tunnel, sending, plane, sendFrom, nowNanos), unwrap);
  }

  /** What the data SAs are made of. */
  private record Change(
      GroupUpdate update,
      boolean tunnel,
      Sending sending,
      DataPlane plane,
      long sendFromNanos,
      long nowNanos) {}

  private static DataInstaller prepare(Change change, Unwrap unwrap) throws InstallException {
    DataInstaller prepared = new DataInstaller();
    boolean done = false;
    try {
      for (DataSaPolicy policy : change.update().policy().dataSas()) {
        prepared.add(policy, change, unwrap);
      }
      done = true;
      return prepared;
    } catch (NotAuthenticException e) {
      throw new InstallException(InstallException.Kind.KEYS, "a data SA's key is not under GSK_w");
    } finally {
      if (!done) {
        prepared.close();
      }
    }
  }

  private void add(DataSaPolicy policy, Change change, Unwrap unwrap)
      throws InstallException, NotAuthenticException {
    if (!DataPlane.supports(policy)) {
      throw new InstallException(
          InstallException.Kind.POLICY, policy.id() + " uses an algorithm we do not have");
    }
    Optional<GroupKeyBag> bag = change.update().keys().bag(policy.id());
    if (bag.isEmpty()) {
      throw new InstallException(InstallException.Kind.KEYS, policy.id() + " without keys");
    }
    Optional<SenderRole> role = change.sending().role();
    SecretBytes key = unwrap.unwrap(bag.get().saKeys().get(0));
    keys.add(key);
    if (key.size() != DataPlane.keyOctets(policy)) {
      throw new InstallException(
          InstallException.Kind.KEYS, policy.id() + ": keying material of a wrong size");
    }
    long expires =
        policy.attributes().lifetimeSeconds().isPresent()
            ? AgentClock.after(change.nowNanos(), policy.attributes().lifetimeSeconds().getAsLong())
            : AgentClock.NEVER;
    // the GCKS may announce an SA again that we have or had: its numbers go on
    DataPlane.TakenOver before = change.plane().takenOver(policy, role, key);
    installs.add(
        new DataSaInstall(
            policy,
            change.tunnel(),
            role,
            before.firstFreeCounter(),
            before.received(),
            change.nowNanos(),
            change.sendFromNanos(),
            expires));
  }

  List<DataSaInstall> installs() {
    return installs;
  }

  /** Owned by this object until {@link #installInto}. */
  SecretBytes key(int index) {
    return keys.get(index);
  }

  /** Hands everything over. */
  void installInto(DataPlane plane) {
    if (registration) {
      plane.allowSending();
    }
    for (int i = 0; i < installs.size(); i++) {
      plane.install(installs.get(i), keys.get(i).copy());
    }
  }

  @Override
  public void close() {
    for (SecretBytes key : keys) {
      key.close();
    }
  }
}
