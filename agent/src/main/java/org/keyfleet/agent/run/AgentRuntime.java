package org.keyfleet.agent.run;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.agent.group.GroupAgent;
import org.keyfleet.agent.group.InsecureKeyObserver;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.transport.FaultLog;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.local.LocalSocketServer;
import org.keyfleet.transport.mqtt.MqttBroker;
import org.keyfleet.transport.udp.UdpLinks;

/**
 * The running agent. The thread that opens it owns the token, every group and all their state; the
 * links' thread only wakes it up.
 */
public final class AgentRuntime implements AutoCloseable {
  private static final Logger LOG = System.getLogger(AgentRuntime.class.getName());

  /** Ours: how long the owner sleeps at most, so that a clock that jumped does no harm. */
  private static final long MAX_SLEEP_NANOS = 1_000_000_000L;

  private static final long FAULT_PAUSE_NANOS = 100_000_000L;

  private static final int COMMAND_BURST = 16;

  private final AgentClock clock = AgentClock.system();
  private final SecureRandom random = new SecureRandom();
  private final WakeUp wakeUp;
  private final StateLock state;
  private final List<GroupSlot> groups = new ArrayList<>();
  private final FaultLog faults = new FaultLog(LOG, "agent");
  private final NameLookup names = new NameLookup();
  private final KeyCustody custody;
  private final TokenWatch token;
  private final SelectorLoop loop;
  private final @Nullable MqttBroker broker;
  private final ControlQueue control;
  private final ControlCommands commands;
  private final LocalSocketServer server;
  private final StartGarbage startGarbage = new StartGarbage();
  private volatile boolean stopping;

  /** Opens everything the agent needs to run; on the thread that will {@link #run} it. */
  public static AgentRuntime open(AgentConfig config)
      throws CustodyException, IOException, StartException {
    return open(config, SelectorLoop.start("keyfleet-links"));
  }

  /** The same with a loop for its links, which it closes. */
  static AgentRuntime open(AgentConfig config, SelectorLoop loop)
      throws CustodyException, IOException, StartException {
    AgentToken token = new AgentToken(config.token(), new SecureRandom());
    KeyCustody custody = null;
    StateLock state = null;
    boolean opened = false;
    try {
      state = StateLock.take(config.stateDirectory());
      custody = token.open();
      AgentRuntime runtime = new AgentRuntime(config, state, token, custody, loop);
      opened = true;
      return runtime;
    } finally {
      if (!opened) {
        loop.close();
        if (custody != null) {
          custody.close();
        }
        if (state != null) {
          state.close();
        }
      }
    }
  }

  private AgentRuntime(
      AgentConfig config,
      StateLock state,
      AgentToken agentToken,
      KeyCustody custody,
      SelectorLoop loop)
      throws CustodyException, IOException, StartException {
    this.state = state;
    this.custody = custody;
    this.wakeUp = new WakeUp(Thread.currentThread());
    this.token = new TokenWatch(agentToken, custody, random, clock.nowNanos());
    InsecureKeyObserver observer =
        config.insecureKeyExportDirectory().isPresent()
            ? new InsecureKeyExport(config.insecureKeyExportDirectory().get())
            : InsecureKeyObserver.NONE;
    this.loop = loop;
    GroupFactory factory =
        new GroupFactory(
            config,
            custody,
            random,
            clock,
            observer,
            new UdpLinks(loop, QueueLimits.DEVICE),
            names,
            wakeUp);
    this.broker = factory.broker();
    factory.build(groups);
    this.control = new ControlQueue(wakeUp);
    this.commands =
        new ControlCommands(
            groups,
            new StatusReport(config.memberId(), agentToken.label(), custody, token, clock),
            config.keysExportAllowed());
    this.server = LocalSocketServer.open(loop, config.controlSocket(), control);
  }

  /**
   * Runs until {@link #stop}; on the thread that opened it.
   *
   * @throws EndedException when only a new process can go on
   */
  public void run() throws CustodyException, EndedException {
    try {
      start();
      while (!stopping) {
        requireThreads();
        if (!guardedDuty()) {
          startGarbage.nothingToDo(groups, clock.nowNanos());
          wakeUp.sleep(sleepNanos());
        }
      }
    } catch (Error e) {
      throw new EndedException("ended by " + FaultLog.describe(e));
    }
  }

  private void start() throws CustodyException {
    Set<KeyName> named = new HashSet<>();
    named.add(AgentToken.IDENTITY);
    boolean all = true;
    for (GroupSlot group : groups) {
      group.start();
      all &= group.agent().knowsItsKeys();
      named.addAll(group.agent().membership().persistentKeys());
    }
    // what a crash left half-made, and what no journal knows
    int gone = all ? custody.retainPersistent(named) : 0;
    if (gone > 0) {
      LOG.log(Level.INFO, "destroyed " + gone + " keys in the token that no journal names");
    }
    MqttBroker started = broker;
    if (started != null) {
      started.start();
    }
    LOG.log(Level.INFO, "ready");
  }

  /** Without them the agent would be deaf and not know it. */
  private void requireThreads() throws EndedException {
    MqttBroker open = broker;
    if (!loop.running() || (open != null && !open.running())) {
      throw new EndedException("a network thread has ended: see the log");
    }
  }

  /** A fault that no group is to blame for costs a pause, lest it comes again at once. */
  private boolean guardedDuty() {
    try {
      return duty();
    } catch (RuntimeException e) {
      faults.caught(e);
      wakeUp.sleep(FAULT_PAUSE_NANOS);
      return false;
    }
  }

  /** Everything that is due; true when there is more at once. */
  private boolean duty() {
    boolean more = answerCommands();
    boolean suspected = false;
    for (GroupSlot group : groups) {
      more |= group.duty();
      suspected |= group.agent().tokenTrouble();
    }
    watchToken(suspected);
    return more;
  }

  private void watchToken(boolean suspected) {
    switch (token.check(suspected, clock.nowNanos())) {
      case NOTHING_NEW -> {}
      case ANSWERS -> {
        for (GroupSlot group : groups) {
          if (group.agent().tokenTrouble()) {
            group.enter(GroupAgent::tokenAnswers);
          }
        }
      }
      case RECOVERED -> groups.forEach(group -> group.enter(AgentRuntime::tokenRecovered));
    }
  }

  private static void tokenRecovered(GroupAgent agent) {
    try {
      agent.tokenRecovered();
    } catch (CustodyException e) {
      LOG.log(Level.WARNING, "group " + agent.name() + ": " + e.getMessage());
    }
  }

  private boolean answerCommands() {
    for (int i = 0; i < COMMAND_BURST; i++) {
      ControlQueue.Request request = control.poll();
      if (request == null) {
        return false;
      }
      request.peer().send(commands.answer(request.line()));
    }
    return true;
  }

  private long sleepNanos() {
    long next = token.nextNanos();
    for (GroupSlot group : groups) {
      next = Math.min(next, group.nextDeadlineNanos());
    }
    return Math.min(next - clock.nowNanos(), MAX_SLEEP_NANOS);
  }

  /** Ends {@link #run} soon; from any thread. */
  public void stop() {
    stopping = true;
    wakeUp.run();
  }

  @Override
  public void close() {
    server.close();
    groups.forEach(GroupSlot::close);
    names.close();
    MqttBroker open = broker;
    if (open != null) {
      open.close();
    }
    loop.close();
    custody.close();
    state.close();
  }
}
