package org.keyfleet.agent.group;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Keeps a membership current: follows rekeys, hears what the new SAs ask for, and notices when
 * rekeys may have been missed.
 */
final class RekeyFollower {
  /** Ours: an SA is renewed after 85 to 95 percent of its life. */
  private static final double SOFT_LIFE = 0.85;

  private static final double SOFT_LIFE_SPREAD = 0.10;

  /** Ours: how often the journal of a rekey that waits for the disk is tried. */
  private static final long DISK_RETRY_NANOS = 5_000_000_000L;

  private final Membership membership;
  private final GroupChannel channel;
  private final AgentClock clock;
  private final Trouble trouble;
  private final Consumer<GroupEvent> decide;
  private final Doubt doubt;
  private final double softLife;
  private long diskRetryNanos = AgentClock.NEVER;
  private long sleptNanos;

  RekeyFollower(
      Membership membership,
      GroupChannel channel,
      AgentClock clock,
      RandomGenerator random,
      Trouble trouble,
      Consumer<GroupEvent> decide) {
    this.membership = membership;
    this.channel = channel;
    this.clock = clock;
    this.trouble = trouble;
    this.decide = decide;
    this.doubt = new Doubt(random);
    this.softLife = SOFT_LIFE + random.nextDouble() * SOFT_LIFE_SPREAD;
  }

  /** The membership comes from the journal: rekeys may have been missed. */
  void doubtUntilConfirmed() {
    doubt.ours(membership.earlierSas());
    doubt.unconfirmed();
  }

  void onRekeyDatagram(Bytes datagram) {
    follow(membership.onRekeyDatagram(datagram, clock.nowNanos()));
  }

  /** A packet was opened by a key that only members have. */
  void authenticData() {
    doubt.authentic(clock.nowNanos());
  }

  /** A packet or message of an SA that we do not have. */
  void unknown(GroupSaId id) {
    if (membership.holdsRekey()) {
      return; // what waits for the token or the disk may well bring it
    }
    long now = clock.nowNanos();
    if (clock.sleptNanos() > sleptNanos) {
      sleptNanos = clock.sleptNanos();
      doubt.unconfirmed(); // what came while the device slept was not heard
    }
    if (doubt.unknown(id, membership.announced(id), now)) {
      trouble.warn(
          id + " is not ours, rekeys may have been lost; registering anew unless they still come");
      decide.accept(new GroupEvent.LostRekey());
    }
  }

  /** A registration was installed in place of SAs with these SPIs. */
  void registered(Set<GroupSaId> before) {
    diskRetryNanos = AgentClock.NEVER;
    doubt.registered(!before.containsAll(saIds()), clock.nowNanos());
    listen();
  }

  /** Tries again what waited for the token or the disk. */
  void retry() {
    diskRetryNanos = AgentClock.NEVER;
    if (membership.holdsRekey()) {
      follow(membership.retry(clock.nowNanos()));
    }
  }

  void tick() {
    if (clock.nowNanos() >= diskRetryNanos) {
      retry();
    }
  }

  long nextDeadlineNanos() {
    return diskRetryNanos;
  }

  /** When the SAs need a successor that a rekey did not bring. */
  long renewNanos() {
    return membership.soonestSoftEndNanos(softLife);
  }

  /** Hears what the SAs ask for. */
  void listen() {
    if (membership.rekeyPolicy().isPresent()) {
      channel.hearRekeys(membership.rekeyPolicy().get());
    }
    for (DataPlane.Entry sa : membership.data().entries()) {
      channel.hearData(sa.policy());
    }
    doubt.ours(saIds());
  }

  /** The SPIs of all SAs. */
  Set<GroupSaId> saIds() {
    Set<GroupSaId> ids = new HashSet<>();
    membership.rekeyPolicy().ifPresent(policy -> ids.add(policy.id()));
    membership.data().entries().forEach(sa -> ids.add(sa.policy().id()));
    return ids;
  }

  private void follow(List<RekeyOutcome> outcomes) {
    outcomes.forEach(this::follow);
  }

  /** Acts on what became of a rekey. */
  void follow(RekeyOutcome outcome) {
    switch (outcome.kind()) {
      case APPLIED -> {
        trouble.applied();
        doubt.rekeyed(clock.nowNanos());
        listen();
        decide.accept(new GroupEvent.Rekeyed(renewNanos()));
      }
      case UNKNOWN_SA, ANNOUNCED_SA -> outcome.unknown().ifPresent(this::unknown);
      case EXCLUDED, DELETED -> {
        trouble.note(outcome.detail());
        decide.accept(new GroupEvent.ExcludedNow());
      }
      case REGISTER_ANEW -> {
        trouble.warn(outcome.detail());
        decide.accept(new GroupEvent.NeedsRegistration());
      }
      case WAITS_FOR_TOKEN -> {
        trouble.warn(outcome.detail());
        trouble.tokenFailed();
      }
      case WAITS_FOR_ROOM -> {
        trouble.tokenFull(outcome.detail());
        // it is there, so the next look at it brings the next try
        trouble.tokenFailed();
      }
      case WAITS_FOR_DISK -> {
        trouble.note(outcome.detail());
        diskRetryNanos = clock.nowNanos() + DISK_RETRY_NANOS;
      }
      case STALE, INCOMPLETE, IGNORED -> {}
    }
  }
}
