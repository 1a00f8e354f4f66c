package org.keyfleet.agent.group;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.group.RekeyOutcome.Kind;
import org.keyfleet.protocol.gikev2.AuthenticRekey;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.NextSpis;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.gikev2.RekeyOpener;
import org.keyfleet.protocol.gikev2.RekeyOpening;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * The way of a GSA_REKEY from the network to the membership: opened over its Rekey SA and applied;
 * kept for a moment when it overtook the one that brings its SA; held while the token or the disk
 * are away.
 */
final class RekeyInbox {
  // Ours: messages of an SA that is not there yet, which wait for the message that brings its keys;
  // one with new data SAs and an ML-DSA signature goes in up to ten fragments of 576 octets
  private static final int MAX_EARLY_DATAGRAMS = 16;
  private static final int MAX_EARLY_OCTETS = 64 * 1024;

  /** Changes the membership by a message that is authentic. */
  @FunctionalInterface
  interface Application {
    RekeyOutcome apply(RekeySa over, AuthenticRekey rekey, long nowNanos);
  }

  private final RekeySas rekeySas;
  private final Supplier<NextSpis> announced;
  private final Application application;
  private final ArrayDeque<Bytes> early = new ArrayDeque<>();
  private int earlyOctets;
  private @Nullable AuthenticRekey held;

  RekeyInbox(RekeySas rekeySas, Supplier<NextSpis> announced, Application application) {
    this.rekeySas = rekeySas;
    this.announced = announced;
    this.application = application;
  }

  /** Whether a message waits for the token or the disk. */
  boolean holds() {
    return held != null;
  }

  /** What became of a datagram, and then of those that had waited for it. */
  List<RekeyOutcome> receive(Bytes datagram, long nowNanos) {
    List<RekeyOutcome> outcomes = new ArrayList<>();
    outcomes.add(open(datagram, nowNanos));
    if (outcomes.get(0).kind() == Kind.APPLIED) {
      replayEarly(nowNanos, outcomes);
    }
    return outcomes;
  }

  /** Tries again what was held. */
  List<RekeyOutcome> retry(long nowNanos) {
    AuthenticRekey again = held;
    held = null;
    RekeySa sa = again == null ? null : rekeySas.find(again.over());
    List<RekeyOutcome> outcomes = new ArrayList<>();
    if (again != null && sa != null) {
      outcomes.add(apply(sa, again, nowNanos));
      if (outcomes.get(0).kind() == Kind.APPLIED) {
        replayEarly(nowNanos, outcomes);
      }
    }
    return outcomes;
  }

  /** A registration replaced everything: what waited is of the past. */
  void clear() {
    early.clear();
    earlyOctets = 0;
    held = null;
  }

  private void replayEarly(long nowNanos, List<RekeyOutcome> outcomes) {
    List<Bytes> datagrams = List.copyOf(early);
    early.clear();
    earlyOctets = 0;
    for (Bytes datagram : datagrams) {
      outcomes.add(open(datagram, nowNanos));
    }
  }

  private RekeyOutcome open(Bytes datagram, long nowNanos) {
    try {
      Optional<GroupSaId> target = RekeyOpener.target(InboundMessage.parse(datagram));
      if (target.isEmpty()) {
        return RekeyOutcome.of(Kind.IGNORED);
      }
      RekeySa sa = rekeySas.find(target.get());
      return sa == null ? unknown(target.get(), datagram) : open(sa, datagram, nowNanos);
    } catch (MalformedMessageException | NotAuthenticException e) {
      return RekeyOutcome.of(Kind.IGNORED);
    } catch (NotAllowedHereException e) {
      // authentic, but against the rules: what it was to bring is lost
      return RekeyOutcome.of(Kind.REGISTER_ANEW, String.valueOf(e.getMessage()));
    }
  }

  private RekeyOutcome unknown(GroupSaId id, Bytes datagram) {
    boolean hinted = announced.get().hintAtLostRekey(id);
    if (!hinted && held == null) {
      return RekeyOutcome.unknown(Kind.UNKNOWN_SA, id);
    }
    boolean room =
        early.size() < MAX_EARLY_DATAGRAMS && earlyOctets + datagram.size() <= MAX_EARLY_OCTETS;
    if (room && !early.contains(datagram)) {
      early.add(datagram);
      earlyOctets += datagram.size();
    }
    return RekeyOutcome.unknown(hinted ? Kind.ANNOUNCED_SA : Kind.UNKNOWN_SA, id);
  }

  private RekeyOutcome open(RekeySa sa, Bytes datagram, long nowNanos)
      throws MalformedMessageException, NotAuthenticException, NotAllowedHereException {
    RekeyOpening opening = sa.opener().open(datagram, nowNanos);
    if (opening instanceof RekeyOpening.Stale) {
      return RekeyOutcome.of(Kind.STALE);
    }
    if (opening instanceof RekeyOpening.Fresh fresh) {
      return apply(sa, fresh.rekey(), nowNanos);
    }
    return RekeyOutcome.of(Kind.INCOMPLETE);
  }

  private RekeyOutcome apply(RekeySa over, AuthenticRekey rekey, long nowNanos) {
    if (held != null) {
      // the one before is not applied yet: this one would build on what is not there
      return RekeyOutcome.of(Kind.REGISTER_ANEW, "rekeys came while one was held");
    }
    RekeyOutcome outcome = application.apply(over, rekey, nowNanos);
    held = outcome.waits() ? rekey : null;
    return outcome;
  }
}
