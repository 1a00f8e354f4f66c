package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.suite.SigningException;

/** Makes changes of a group: on disk, then in memory, then known to the surroundings. */
final class Commits {
  /** Wrapped keys of some 52 octets in one message, so that KD stays under its 65535 octets. */
  private static final int MAX_WRAPS = 1000;

  private final GroupSettings settings;
  private final GroupStore store;
  private final GroupMachinery machinery;
  private final SecureRandom random;
  private final InstantSource clock;
  private final GroupListener listener;
  private GroupMemory memory;

  /** A change failed half-way: what is on disk counts. */
  private boolean stale;

  private Commits(
      GroupSettings settings,
      GroupStore store,
      GroupMachinery machinery,
      SecureRandom random,
      InstantSource clock,
      GroupListener listener,
      GroupMemory memory) {
    this.settings = settings;
    this.store = store;
    this.machinery = machinery;
    this.random = random;
    this.clock = clock;
    this.listener = listener;
    this.memory = memory;
  }

  static Commits open(
      GroupSettings settings,
      GroupStore store,
      GroupMachinery machinery,
      SecureRandom random,
      InstantSource clock,
      GroupListener listener)
      throws StoreException {
    GroupMemory memory = load(settings, store, machinery, random, clock);
    return new Commits(settings, store, machinery, random, clock, listener, memory);
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

  /** Gives whether the group was read anew. */
  boolean reloadIfStale() throws StoreException {
    if (!stale) {
      return false;
    }
    memory = load(settings, store, machinery, random, clock);
    stale = false;
    return true;
  }

  GroupMemory memory() {
    return memory;
  }

  Allocator allocator() {
    return new Allocator(settings, store, random, memory.state().counters(), clock.millis());
  }

  /** Changes that fit a message: each renews one path, with degree wraps a level. */
  int maxBatch() {
    int height = memory.tree().shape().height() + 1;
    return Math.max(1, MAX_WRAPS / (settings.treeDegree() * height));
  }

  void commit(GroupChange change) throws StoreException {
    commit(change, to -> {});
  }

  /** As {@link #commit(GroupChange)}, with something more in the same transaction. */
  void commit(GroupChange change, GroupStore.Writes also) throws StoreException {
    GroupState before = memory.state();
    stale = true;
    List<RekeyMessageRow> messages = memory.commit(change, also, clock.millis());
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

  /** New keys for the members there are. */
  void refresh(Allocator allocator, boolean rekeySa, boolean dataSas, String reason)
      throws StoreException, CustodyException, SigningException {
    commit(machinery.refresh(memory, allocator, rekeySa, dataSas, reason, clock.millis()));
  }

  void memberGone(String identity) {
    listener.memberGone(settings.name(), identity);
  }

  /** The message that tells everybody to register anew; empty when nobody would hear it. */
  List<RekeyMessageRow> farewell(String reason) throws CustodyException, SigningException {
    Optional<RekeySaRow> sa = memory.state().rekeySa();
    return sa.isPresent() && memory.tree().members() > 0
        ? List.of(machinery.deleteAll(sa.get(), reason, clock.millis()))
        : List.of();
  }

  /** Everybody out. */
  void reset(String reason, Allocator allocator, List<RekeyMessageRow> messages)
      throws StoreException {
    allocator.restartSenderIds();
    List<String> gone = store.members(settings.name()).stream().map(MemberRow::identity).toList();
    List<RekeyMessageRow> sent =
        memory.reset(allocator.counters(), messages, reason, clock.millis());
    sent.forEach(message -> listener.messageReady(settings.name(), message));
    gone.forEach(this::memberGone);
  }
}
