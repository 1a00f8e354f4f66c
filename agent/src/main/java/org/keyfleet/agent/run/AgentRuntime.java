package org.keyfleet.agent.run;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  private static final int COMMAND_BURST = 16;

  private final AgentClock clock = AgentClock.system();
  private final SecureRandom random = new SecureRandom();
  private final WakeUp wakeUp;
  private final List<GroupAgent> groups = new ArrayList<>();
  private final Map<String, NetworkChannel> channels = new HashMap<>();
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
    AgentToken token = new AgentToken(config.token(), new SecureRandom());
    KeyCustody custody = token.open();
    boolean opened = false;
    try {
      AgentRuntime runtime = new AgentRuntime(config, token, custody);
      opened = true;
      return runtime;
    } finally {
      if (!opened) {
        custody.close();
      }
    }
  }

  private AgentRuntime(AgentConfig config, AgentToken agentToken, KeyCustody custody)
      throws CustodyException, IOException, StartException {
    this.custody = custody;
    this.wakeUp = new WakeUp(Thread.currentThread());
    this.token = new TokenWatch(agentToken, custody, random, clock.nowNanos());
    Files.createDirectories(config.stateDirectory());
    InsecureKeyObserver observer =
        config.insecureKeyExportDirectory().isPresent()
            ? new InsecureKeyExport(config.insecureKeyExportDirectory().get())
            : InsecureKeyObserver.NONE;
    this.loop = SelectorLoop.start("keyfleet-links");
    GroupFactory factory =
        new GroupFactory(
            config,
            custody,
            random,
            clock,
            observer,
            new UdpLinks(loop, QueueLimits.DEVICE),
            wakeUp);
    this.broker = factory.broker();
    factory.build(groups, channels);
    this.control = new ControlQueue(wakeUp);
    this.commands =
        new ControlCommands(
            groups,
            new StatusReport(
                config.memberId(),
                agentToken.label(),
                custody,
                token,
                channels,
                factory.transports(),
                clock),
            config.keysExportAllowed());
    this.server = LocalSocketServer.open(loop, config.controlSocket(), control);
  }

  /** Runs until {@link #stop}; on the thread that opened it. */
  public void run() throws CustodyException {
    Set<KeyName> named = new HashSet<>();
    named.add(AgentToken.IDENTITY);
    for (GroupAgent group : groups) {
      group.start();
      named.addAll(group.membership().persistentKeys());
    }
    // what a crash left half-made, and what no journal knows
    int gone = custody.retainPersistent(named);
    if (gone > 0) {
      LOG.log(Level.INFO, "destroyed " + gone + " keys in the token that no journal names");
    }
    MqttBroker started = broker;
    if (started != null) {
      started.start();
    }
    LOG.log(Level.INFO, "ready");
    while (!stopping) {
      if (!duty()) {
        startGarbage.nothingToDo(groups, clock.nowNanos());
        wakeUp.sleep(sleepNanos());
      }
    }
  }

  /** Everything that is due; true when there is more at once. */
  private boolean duty() {
    boolean more = answerCommands();
    boolean suspected = false;
    for (GroupAgent group : groups) {
      NetworkChannel channel = channels.get(group.name());
      if (channel != null) {
        more |= channel.pump(group);
      }
      if (clock.nowNanos() >= group.nextDeadlineNanos()) {
        group.tick();
      }
      suspected |= group.tokenTrouble();
    }
    watchToken(suspected);
    return more;
  }

  private void watchToken(boolean suspected) {
    long now = clock.nowNanos();
    if (suspected) {
      token.suspect(now);
    }
    if (!token.check(suspected, now)) {
      return;
    }
    for (GroupAgent group : groups) {
      try {
        group.tokenRecovered();
      } catch (CustodyException e) {
        LOG.log(Level.WARNING, "group " + group.name() + ": " + e.getMessage());
      }
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
    for (GroupAgent group : groups) {
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
    for (GroupAgent group : groups) {
      group.close();
    }
    for (NetworkChannel channel : channels.values()) {
      channel.close();
    }
    MqttBroker open = broker;
    if (open != null) {
      open.close();
    }
    loop.close();
    custody.close();
  }
}
