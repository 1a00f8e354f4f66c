package org.keyfleet.agent.group;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.keyfleet.agent.group.GroupState.Excluded;
import org.keyfleet.agent.group.GroupState.ExcludedAsking;
import org.keyfleet.agent.group.GroupState.Idle;
import org.keyfleet.agent.group.GroupState.Leaving;
import org.keyfleet.agent.group.GroupState.Member;
import org.keyfleet.agent.group.GroupState.Refused;
import org.keyfleet.agent.group.GroupState.Registering;
import org.keyfleet.agent.group.GroupState.RenewalWaiting;
import org.keyfleet.agent.group.GroupState.Renewing;
import org.keyfleet.agent.group.GroupState.Waiting;
import org.keyfleet.agent.registration.FailureReason;

/**
 * When to register, to register anew, to wait and to give up: pure decisions over times and events.
 * All waits are random, so that a fleet does not ask in step (RFC 9838 section 2.4.3).
 */
public final class GroupMachine {
  private static final Logger LOG = System.getLogger(GroupMachine.class.getName());
  private static final long SECOND = 1_000_000_000L;

  // Ours
  private static final long FIRST_BACKOFF_NANOS = SECOND;
  private static final long LAST_BACKOFF_NANOS = 60 * SECOND;

  /** A member that cannot renew still has its SAs. */
  private static final long LAST_RENEWAL_BACKOFF_NANOS = 300 * SECOND;

  private static final long REFUSED_NANOS = 300 * SECOND;
  private static final int MAX_DOUBLINGS = 6;
  private static final int MAX_RENEWAL_DOUBLINGS = 9;

  /** Long enough for the copies of a message that come late. */
  private static final long LEAST_SPREAD_NANOS = 4 * SECOND;

  /** A renewal is spread over no more than this share of what is left of the SAs' life. */
  private static final int SPREAD_OF_LIFE = 10;

  private final String group;
  private final long spreadNanos;
  private final RandomGenerator random;
  private GroupState state = new Idle();
  private List<GroupAction> actions = new ArrayList<>();

  /**
   * A machine that is idle.
   *
   * @param spreadNanos over what time the members of a group register when something makes them all
   *     register: "the order of seconds suits most situations" (RFC 9838 section 2.4.3), a large
   *     fleet needs more
   */
  public GroupMachine(String group, long spreadNanos, RandomGenerator random) {
    this.group = group;
    this.spreadNanos = Math.max(spreadNanos, LEAST_SPREAD_NANOS);
    this.random = random;
  }

  public GroupState state() {
    return state;
  }

  /** When a {@link GroupEvent.Tick} is due. */
  public long nextDeadlineNanos() {
    if (state instanceof Waiting waiting) {
      return waiting.untilNanos();
    }
    if (state instanceof Member member) {
      return member.renewNanos();
    }
    if (state instanceof RenewalWaiting waiting) {
      return waiting.untilNanos();
    }
    if (state instanceof Excluded excluded) {
      return excluded.retryNanos();
    }
    return state instanceof Refused refused ? refused.retryNanos() : AgentClock.NEVER;
  }

  /** Handles one event and says what is to be done, in order. */
  public List<GroupAction> onEvent(GroupEvent event, long nowNanos) {
    actions = new ArrayList<>();
    if (event instanceof GroupEvent.Join) {
      join();
    } else if (event instanceof GroupEvent.Leave) {
      leave();
    } else if (event instanceof GroupEvent.Restored restored) {
      to(new Member(restored.renewNanos()), "restored from the journal");
    } else if (event instanceof GroupEvent.Registered registered) {
      registered(registered);
    } else if (event instanceof GroupEvent.Failed failed) {
      failed(failed.reason(), nowNanos);
    } else if (event instanceof GroupEvent.Left) {
      forget("left");
    } else if (event instanceof GroupEvent.Rekeyed rekeyed) {
      rekeyed(rekeyed);
    } else if (event instanceof GroupEvent.LostRekey) {
      renewSoon(false, "a rekey was lost", nowNanos);
    } else if (event instanceof GroupEvent.NeedsRegistration) {
      renewSoon(true, "needs a registration", nowNanos);
    } else if (event instanceof GroupEvent.ExcludedNow) {
      excluded(nowNanos);
    } else if (event instanceof GroupEvent.TokenIsBack) {
      hurry(nowNanos);
    } else if (event instanceof GroupEvent.StartOver) {
      register(0, "starting over");
    } else if (event instanceof GroupEvent.Tick tick) {
      tick(tick.active(), nowNanos);
    }
    return List.copyOf(actions);
  }

  private void join() {
    if (state instanceof Idle
        || state instanceof Waiting
        || state instanceof Refused
        || state instanceof Excluded
        || state instanceof RenewalWaiting) {
      register(0, "joining");
    }
  }

  private void leave() {
    if (!(state instanceof Idle) && !(state instanceof Leaving)) {
      actions.add(GroupAction.SAY_GOODBYE);
      to(new Leaving(), "leaving");
    }
  }

  private void registered(GroupEvent.Registered registered) {
    if (!(state instanceof Leaving)) {
      to(new Member(registered.renewNanos()), "registered");
    }
  }

  private void rekeyed(GroupEvent.Rekeyed rekeyed) {
    boolean settled =
        state instanceof Member || (state instanceof RenewalWaiting waiting && !waiting.must());
    if (settled) {
      to(new Member(rekeyed.renewNanos()), "rekeyed");
    }
  }

  private void failed(FailureReason reason, long nowNanos) {
    if (state instanceof Leaving) {
      forget("left without an answer");
    } else if (state instanceof ExcludedAsking asking) {
      int attempt = asking.attempt() + 1;
      long wait = reason.isPassing() ? backoff(attempt) : longWait(attempt);
      to(new Excluded(nowNanos + wait, attempt), "still excluded: " + reason);
    } else if (state instanceof Registering registering) {
      int attempt = registering.attempt() + 1;
      to(
          reason.isPassing()
              ? new Waiting(nowNanos + backoff(attempt), attempt)
              : new Refused(reason, nowNanos + longWait(attempt), attempt),
          "registration failed: " + reason);
    } else if (state instanceof Renewing renewing) {
      renewalFailed(renewing, reason, nowNanos);
    }
  }

  private void renewalFailed(Renewing renewing, FailureReason reason, long nowNanos) {
    int attempt = renewing.attempt() + 1;
    if (reason == FailureReason.NOT_AUTHORISED || reason == FailureReason.NO_SUCH_GROUP) {
      actions.add(GroupAction.FORGET);
      to(new Excluded(nowNanos + longWait(attempt), attempt), "not admitted any more");
      return;
    }
    long wait = reason.isPassing() ? renewalBackoff(attempt) : longWait(attempt);
    to(new RenewalWaiting(nowNanos + wait, attempt, renewing.must()), "renewal failed: " + reason);
  }

  private void renewSoon(boolean must, String why, long nowNanos) {
    if (state instanceof Member member) {
      long life = Math.max(0, member.renewNanos() - nowNanos) / SPREAD_OF_LIFE;
      long spread = Math.max(LEAST_SPREAD_NANOS, Math.min(spreadNanos, life));
      to(new RenewalWaiting(nowNanos + withinSpread(spread), 0, must), why);
    } else if (state instanceof RenewalWaiting waiting && must) {
      to(new RenewalWaiting(waiting.untilNanos(), waiting.attempt(), true), why);
    } else if (state instanceof Renewing renewing && must) {
      to(new Renewing(renewing.attempt(), true), why);
    }
  }

  private void hurry(long nowNanos) {
    long soon = nowNanos + random.nextLong(LEAST_SPREAD_NANOS);
    if (state instanceof Waiting waiting) {
      to(new Waiting(Math.min(soon, waiting.untilNanos()), waiting.attempt()), "the token is back");
    } else if (state instanceof RenewalWaiting waiting) {
      to(
          new RenewalWaiting(
              Math.min(soon, waiting.untilNanos()), waiting.attempt(), waiting.must()),
          "the token is back");
    }
  }

  private void excluded(long nowNanos) {
    if (state instanceof Idle || state instanceof Leaving) {
      return;
    }
    actions.add(GroupAction.FORGET);
    to(new Excluded(nowNanos + withinSpread(spreadNanos), 0), "excluded");
  }

  private void tick(boolean active, long nowNanos) {
    if (state instanceof Waiting waiting && nowNanos >= waiting.untilNanos()) {
      register(waiting.attempt(), "trying again");
    } else if (state instanceof Refused refused && nowNanos >= refused.retryNanos()) {
      register(refused.attempt(), "asking again");
    } else if (state instanceof Excluded excluded && nowNanos >= excluded.retryNanos()) {
      actions.add(GroupAction.REGISTER);
      to(new ExcludedAsking(excluded.attempt()), "asking again");
    } else if (state instanceof Member member && nowNanos >= member.renewNanos()) {
      renew(0, false, "the SAs near their end");
    } else if (state instanceof RenewalWaiting waiting && nowNanos >= waiting.untilNanos()) {
      renew(waiting.attempt(), waiting.must(), "registering anew");
    } else if (!active && state instanceof Member) {
      register(0, "the SAs ended");
    } else if (!active && state instanceof RenewalWaiting waiting) {
      to(new Waiting(waiting.untilNanos(), waiting.attempt()), "the SAs ended");
    }
  }

  private void register(int attempt, String why) {
    actions.add(GroupAction.REGISTER);
    to(new Registering(attempt), why);
  }

  private void renew(int attempt, boolean must, String why) {
    actions.add(GroupAction.REGISTER);
    to(new Renewing(attempt, must), why);
  }

  private void forget(String why) {
    actions.add(GroupAction.FORGET);
    to(new Idle(), why);
  }

  private long backoff(int attempt) {
    long ceiling = FIRST_BACKOFF_NANOS << Math.min(attempt, MAX_DOUBLINGS);
    return atRandom(Math.min(ceiling, LAST_BACKOFF_NANOS));
  }

  private long renewalBackoff(int attempt) {
    long ceiling = FIRST_BACKOFF_NANOS << Math.min(attempt, MAX_RENEWAL_DOUBLINGS);
    return atRandom(Math.min(ceiling, LAST_RENEWAL_BACKOFF_NANOS));
  }

  private long longWait(int attempt) {
    return atRandom(REFUSED_NANOS << Math.min(attempt, MAX_DOUBLINGS));
  }

  /** From the least wait for late copies to all of {@code spread}. */
  private long withinSpread(long spread) {
    return LEAST_SPREAD_NANOS / 2 + random.nextLong(spread - LEAST_SPREAD_NANOS / 2 + 1);
  }

  /** From half of {@code nanos} to all of it. */
  private long atRandom(long nanos) {
    return nanos / 2 + random.nextLong(nanos / 2 + 1);
  }

  /** The one place where the state changes. */
  private void to(GroupState next, String why) {
    LOG.log(
        next.word().equals(state.word()) ? Level.DEBUG : Level.INFO,
        "group " + group + ": " + state.word() + " -> " + next.word() + ": " + why);
    state = next;
  }
}
