package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.keyfleet.agent.config.GroupSettings;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.agent.group.GroupAgent;
import org.keyfleet.agent.group.GroupState;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.transport.FaultLog;

/**
 * One group on the owner thread: its agent, its channel, and the guard between its faults and the
 * other groups. A fault costs the work at hand and a registration; too many of them cost the group
 * its state, and a new agent takes its place.
 */
final class GroupSlot implements AgentDoor, AutoCloseable {
  private static final Logger LOG = System.getLogger(GroupSlot.class.getName());

  /** Makes an agent that is idle. */
  @FunctionalInterface
  interface Maker {
    GroupAgent make();
  }

  private final GroupSettings settings;
  private final String name;
  private final NetworkChannel channel;
  private final Maker maker;
  private final AgentClock clock;
  private final FaultLog faults;
  private final FaultBreaker breaker;
  private GroupAgent agent;
  private long joinNanos = AgentClock.NEVER;

  GroupSlot(
      GroupSettings settings,
      NetworkChannel channel,
      Maker maker,
      AgentClock clock,
      RandomGenerator random) {
    this.settings = settings;
    this.name = settings.name();
    this.channel = channel;
    this.maker = maker;
    this.clock = clock;
    this.faults = new FaultLog(LOG, "group " + name);
    this.breaker = new FaultBreaker(random);
    this.agent = maker.make();
  }

  String name() {
    return name;
  }

  GroupSettings settings() {
    return settings;
  }

  NetworkChannel channel() {
    return channel;
  }

  /** The agent as it is now; to be asked, not to be given work. */
  GroupAgent agent() {
    return agent;
  }

  /** Faults since the start. */
  long faults() {
    return faults.count();
  }

  /** Whether faults have put the group out for a while. */
  boolean resting() {
    return joinNanos != AgentClock.NEVER;
  }

  /**
   * Takes up what the journal holds.
   *
   * @throws CustodyException when the token does not answer
   */
  void start() throws CustodyException {
    try {
      agent.start();
    } catch (RuntimeException e) {
      // a journal that leads to a fault does so at each start
      faults.caught(e);
      startFromScratch();
    }
  }

  /** Everything that is due; true when there is more at once. */
  boolean duty() {
    boolean more = false;
    try {
      channel.tick(agent.membership().data(), clock.nowNanos());
      more = channel.pump(this);
    } catch (RuntimeException e) {
      fault(e);
    }
    long now = clock.nowNanos();
    if (now >= joinNanos) {
      joinNanos = AgentClock.NEVER;
      enter(GroupAgent::join);
    } else if (now >= agent.nextDeadlineNanos()) {
      enter(GroupAgent::tick);
    }
    return more;
  }

  long nextDeadlineNanos() {
    return Math.min(joinNanos, agent.nextDeadlineNanos());
  }

  @Override
  public boolean enter(Consumer<GroupAgent> work) {
    try {
      work.accept(agent);
      return true;
    } catch (RuntimeException e) {
      fault(e);
      return false;
    }
  }

  /** A joining by the operator ends the rest that faults brought. */
  boolean join() {
    joinNanos = AgentClock.NEVER;
    return enter(GroupAgent::join);
  }

  /** An operator who leaves does not want the group back after the rest. */
  boolean leave() {
    joinNanos = AgentClock.NEVER;
    return enter(GroupAgent::leave);
  }

  /** Joins at once if the group only waits to try again. */
  static void hurry(GroupAgent agent) {
    if (agent.state() instanceof GroupState.Waiting) {
      agent.join();
    }
  }

  private void fault(RuntimeException fault) {
    faults.caught(fault);
    if (breaker.fault(clock.nowNanos())) {
      startFromScratch();
    } else {
      quietly(agent::fault);
    }
  }

  private void startFromScratch() {
    long wait = breaker.nextWaitNanos();
    LOG.log(
        Level.ERROR,
        "group "
            + name
            + ": too many faults: it is forgotten and joined anew in "
            + wait / 1_000_000_000L
            + " s");
    quietly(agent.membership()::forget);
    quietly(agent::close);
    quietly(channel::hearNothing);
    agent = maker.make();
    quietly(agent.membership()::forget); // the journal, if the one before could not
    joinNanos = clock.nowNanos() + wait;
  }

  /** What is done about a fault must not fail for another one. */
  private void quietly(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      faults.caught(e);
    }
  }

  @Override
  public void close() {
    quietly(agent::close);
    quietly(channel::close);
  }
}
