package org.keyfleet.transport.mqtt;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.TransportException;

/**
 * The connection of this process to an MQTT 5 broker, and the links that share it. Open it, open
 * the links, then {@link #start}: the broker sends what it kept for this client as soon as it is
 * connected. A broker that is down, refuses the client or is not the right one is a state of the
 * links, and is retried for ever.
 */
public final class MqttBroker implements AutoCloseable {
  private final MqttSettings settings;
  private final BrokerWorker worker;
  private final Outbox outbox;
  private final CopyOnWriteArrayList<MqttLink> links = new CopyOnWriteArrayList<>();
  private final AtomicLong numbers;

  private MqttBroker(MqttSettings settings, BrokerWorker worker, Outbox outbox, long firstNumber) {
    this.settings = settings;
    this.worker = worker;
    this.outbox = outbox;
    this.numbers = new AtomicLong(firstNumber);
  }

  /**
   * Reads the files and prepares the connection; nothing goes out before {@link #start}.
   *
   * @param random for jitter and correlation data
   * @throws TransportException when the address or a PEM file is wrong
   */
  public static MqttBroker open(MqttSettings settings, RandomGenerator random)
      throws TransportException {
    Outbox outbox = new Outbox(settings.limits(), BrokerWorker.WINDOW);
    BrokerWorker worker = BrokerWorker.prepare(settings, outbox, random);
    return new MqttBroker(settings, worker, outbox, random.nextLong());
  }

  /** Starts connecting and returns at once. */
  public void start() {
    worker.start();
  }

  /** A member's registration: send to {@link MqttTopics#request}. */
  public Link memberRegistration(String group, String member) {
    return add(
        new MqttRoute.MemberRegistration(
            MqttTopics.request(group, member), MqttTopics.response(group, member)));
  }

  /**
   * What a member hears of a group's rekeys: all that came while it was away, the latest one at
   * each connection, then each as it comes. Messages keep their order but can come more than once.
   */
  public Link memberRekeys(String group) {
    return add(new MqttRoute.MemberRekeys(MqttTopics.rekey(group)));
  }

  /** The key server's side of registrations: answer to the peer of each datagram. */
  public Link groupRegistrations(String group) {
    return add(new MqttRoute.GroupRegistrations(group));
  }

  /**
   * The key server's side of rekeys: send to {@link MqttTopics#rekey}; the broker keeps the last.
   */
  public Link groupRekeys(String group) {
    return add(new MqttRoute.GroupRekeys(MqttTopics.rekey(group)));
  }

  /** Ends a link's subscription at the broker, as a member does that leaves, and closes it. */
  public void leave(Link link) {
    link.close();
    String filter = ((MqttLink) link).route().filter();
    if (filter != null) {
      worker.unsubscribe(filter);
    }
  }

  /** False once a fault of the virtual machine has ended the thread that {@link #start} started. */
  public boolean running() {
    return worker.running();
  }

  /** How the connection is. */
  public LinkState state() {
    return worker.state().now();
  }

  /**
   * Waits until the connection is up, for commands that have nothing to do before.
   *
   * @throws TransportException with the reason when it is not up in time
   */
  public void awaitUp(long timeoutMillis) throws TransportException, InterruptedException {
    LinkState last = worker.state().awaitUp(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
    if (!last.isUp()) {
      boolean silent = last.detail().isEmpty();
      throw new TransportException(
          silent ? "broker '" + settings.broker() + "' does not answer" : last.detail());
    }
  }

  /** Sends what is queued, for two seconds at most, and says goodbye; the session stays. */
  @Override
  public void close() {
    links.forEach(MqttLink::close);
    worker.close();
  }

  boolean enqueue(Outgoing outgoing) {
    boolean queued = !worker.closing() && outbox.offer(outgoing);
    if (queued) {
      worker.wake();
    }
    return queued;
  }

  /** What did not fit a link's queue was not acknowledged: have it delivered again. */
  void deliverAgain() {
    worker.reconnect();
  }

  long nextNumber() {
    return numbers.getAndIncrement();
  }

  void remove(MqttLink link) {
    links.remove(link);
    worker.links(List.copyOf(links));
  }

  private Link add(MqttRoute route) {
    MqttLink link = new MqttLink(this, route, settings.limits());
    links.add(link);
    worker.links(List.copyOf(links));
    worker.subscribeLater(link);
    return link;
  }
}
