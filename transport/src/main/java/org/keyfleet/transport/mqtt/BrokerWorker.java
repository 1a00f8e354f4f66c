package org.keyfleet.transport.mqtt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.FaultLog;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.LinkState.Condition;
import org.keyfleet.transport.TransportException;

/**
 * The one thread that calls Paho: it connects, subscribes, publishes, acknowledges and pings. Paho
 * blocks whoever calls it from its own callbacks, so those only leave a task here.
 */
final class BrokerWorker implements MqttSession.Events {
  /** Publications that wait for their acknowledgement at a time. */
  static final int WINDOW = 16;

  private static final Logger LOG = System.getLogger(BrokerWorker.class.getName());
  private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final BrokerAddress address;
  private final MqttSettings settings;
  private final PemTls.@Nullable Tls tls;
  private final Outbox outbox;
  private final Backoff backoff;
  private final BrokerFaults faults;
  private final Subscriptions subscriptions;
  private final Thread thread = new Thread(this::run, "keyfleet-mqtt");
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final BrokerState state;
  private final FaultLog log = new FaultLog(LOG, "broker thread");
  private volatile List<MqttLink> links = List.of();
  private volatile boolean closing;

  // of the thread alone
  private @Nullable MqttSession session;
  private long nextAttemptNanos;
  private long upSinceNanos;

  private BrokerWorker(
      BrokerAddress address,
      MqttSettings settings,
      PemTls.@Nullable Tls tls,
      Outbox outbox,
      RandomGenerator random) {
    this.address = address;
    this.settings = settings;
    this.tls = tls;
    this.outbox = outbox;
    this.backoff = new Backoff(settings.firstRetryMillis(), settings.lastRetryMillis(), random);
    this.faults = new BrokerFaults(address, settings);
    this.state = new BrokerState(address);
    this.subscriptions = new Subscriptions(faults);
  }

  static BrokerWorker prepare(MqttSettings settings, Outbox outbox, RandomGenerator random)
      throws TransportException {
    BrokerAddress address = BrokerAddress.parse(settings.broker());
    if (address.tls() != settings.tls().isPresent()) {
      throw new TransportException(
          address.tls()
              ? "broker '" + settings.broker() + "' needs a CA file: configure it"
              : "broker '" + settings.broker() + "' is without TLS: write mqtts:// or drop the CA");
    }
    PemTls.Tls tls = settings.tls().isPresent() ? PemTls.read(settings.tls().get()) : null;
    return new BrokerWorker(address, settings, tls, outbox, random);
  }

  void start() {
    thread.setDaemon(true);
    nextAttemptNanos = System.nanoTime();
    thread.start();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  boolean running() {
    return thread.isAlive();
  }

  boolean closing() {
    return closing;
  }

  BrokerState state() {
    return state;
  }

  void links(List<MqttLink> newLinks) {
    links = newLinks;
  }

  void subscribeLater(MqttLink link) {
    post(() -> subscriptions.add(link));
  }

  void unsubscribe(String filter) {
    post(
        () -> {
          try {
            if (session != null) {
              session.unsubscribe(filter);
            }
          } catch (MqttException e) {
            LOG.log(Level.DEBUG, "unsubscribing " + filter, e);
          }
        });
  }

  /** Ends the connection and makes a new one at once: the broker repeats what has no answer. */
  void reconnect() {
    post(
        () -> {
          if (session != null && !closing) {
            session.disconnect();
            session = null;
            outbox.connectionLost();
            nextAttemptNanos = System.nanoTime();
            become(new LinkState(Condition.LOST, "reading again what did not fit the queue"));
          }
        });
  }

  void close() {
    closing = true;
    wake();
    try {
      thread.join(TimeUnit.NANOSECONDS.toMillis(2 * FAREWELL_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    become(LinkState.CLOSED);
  }

  // ---- on Paho's threads: queue, wake up, and nothing else

  @Override
  public void opened(boolean sessionPresent) {
    links.forEach(link -> link.reopened(sessionPresent));
  }

  @Override
  public void arrived(MqttSession from, String topic, MqttMessage message) {
    Runnable acknowledge = () -> {};
    if (message.getQos() > 0) {
      int messageId = message.getId();
      acknowledge = () -> post(() -> acknowledge(from, messageId));
    }
    for (MqttLink link : links) {
      if (link.offer(topic, message, acknowledge)) {
        return;
      }
    }
    acknowledge.run(); // of a group that was left, or not for us
  }

  @Override
  public void published(MqttSession by, Outgoing outgoing, int reasonCode) {
    post(
        () -> {
          outbox.done(outgoing);
          if (reasonCode < MqttSession.FAILURE) {
            outgoing.link().sent();
            outgoing.delivered().run();
          } else {
            MqttLink link = outgoing.link();
            link.refuse(faults.publicationRefused(outgoing.to().topic(), reasonCode));
            link.dropped();
          }
        });
  }

  @Override
  public void ended(MqttSession which, @Nullable Throwable fault, int reasonCode) {
    post(
        () -> {
          if (which == session) {
            disconnected(faults.afterUp(fault, reasonCode));
          }
        });
  }

  // ---- on the worker's thread

  private void run() {
    long farewellEnd = 0;
    while (true) {
      try {
        runTasks();
        if (closing && farewellEnd == 0) {
          farewellEnd = System.nanoTime() + FAREWELL_NANOS;
        }
        if (closing && (session == null || outbox.isEmpty() || isPast(farewellEnd))) {
          break;
        }
        work();
        if (tasks.isEmpty()) {
          LockSupport.parkNanos(this, nanosToWait());
        }
      } catch (RuntimeException e) {
        log.caught(e);
        disconnected(faults.afterUp(e, 0));
      }
    }
    if (session != null) {
      session.disconnect();
      session = null;
    }
  }

  private void work() {
    if (session == null && !closing && isPast(nextAttemptNanos)) {
      connect();
    }
    MqttSession current = session;
    if (current == null) {
      return;
    }
    try {
      subscriptions.subscribe(current);
      publish(current);
      current.pingIfDue(System.nanoTime());
    } catch (MqttException e) {
      disconnected(faults.afterUp(e, 0));
    }
  }

  private void connect() {
    if (tls != null) {
      tls.identity().takeAsked(); // of an earlier handshake
    }
    try {
      session =
          MqttSession.connect(
              address, settings, tls == null ? null : tls.sockets(), this, this::wake);
      upSinceNanos = System.nanoTime();
      subscriptions.startAnew(links);
      subscriptions.subscribe(session);
      become(LinkState.UP);
    } catch (MqttException | TransportException e) {
      boolean files = e instanceof TransportException;
      disconnected(
          files
              ? new LinkState(Condition.REFUSED, String.valueOf(e.getMessage()))
              : faults.whileConnecting(e, tls != null && tls.identity().takeAsked()));
    }
  }

  private void publish(MqttSession current) throws MqttException {
    Outgoing next = outbox.next(System.nanoTime());
    while (next != null) {
      try {
        current.publish(next);
      } catch (MqttException e) {
        outbox.putBack(next);
        if (e.getReasonCode() == MqttClientException.REASON_CODE_MAX_INFLIGHT) {
          return; // the broker's window is smaller than ours: the next acknowledgement goes on
        }
        throw e;
      }
      next = outbox.next(System.nanoTime());
    }
  }

  private void acknowledge(MqttSession from, int messageId) {
    if (from != session) {
      return; // a message of a connection that is gone: the broker sends it again
    }
    try {
      from.acknowledge(messageId);
    } catch (MqttException e) {
      disconnected(faults.afterUp(e, 0));
    }
  }

  /** The one way out of a session; the next attempt is set. */
  private void disconnected(LinkState why) {
    MqttSession old = session;
    session = null;
    if (old != null) {
      old.abandon();
      if (System.nanoTime() - upSinceNanos > STABLE_NANOS) {
        backoff.reset();
      }
    }
    outbox.connectionLost();
    nextAttemptNanos = System.nanoTime() + backoff.nextNanos();
    become(why);
  }

  private void become(LinkState next) {
    if (state.become(next)) {
      links.forEach(MqttLink::wake);
    }
  }

  private void post(Runnable task) {
    tasks.add(task);
    wake();
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private long nanosToWait() {
    long now = System.nanoTime();
    if (session == null) {
      return Math.max(1, nextAttemptNanos - now);
    }
    long toPing = session.nanosToPing(now);
    return closing ? Math.min(toPing, TimeUnit.MILLISECONDS.toNanos(50)) : toPing;
  }

  private static boolean isPast(long nanos) {
    return System.nanoTime() - nanos >= 0;
  }
}
