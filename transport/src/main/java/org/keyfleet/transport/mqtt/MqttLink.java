package org.keyfleet.transport.mqtt;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.InboundQueue;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkCounters;
import org.keyfleet.transport.LinkState;
import org.keyfleet.transport.LinkTally;
import org.keyfleet.transport.MqttAddress;
import org.keyfleet.transport.QueueLimits;

/** One route over the broker's connection. */
final class MqttLink implements Link {
  /** A G-IKEv2 message is never larger; the MQTT packet adds topic and properties. */
  static final int MAX_DATAGRAM_OCTETS = 65_535;

  private final MqttBroker broker;
  private final MqttRoute route;
  private final InboundQueue inbound;
  private final LinkTally tally = new LinkTally();
  private volatile @Nullable LinkState refusal;
  private final AtomicBoolean askedAgain = new AtomicBoolean();
  private volatile boolean overflowed;
  private volatile boolean closed;

  MqttLink(MqttBroker broker, MqttRoute route, QueueLimits limits) {
    this.broker = broker;
    this.route = route;
    this.inbound = new InboundQueue(limits, tally);
  }

  MqttRoute route() {
    return route;
  }

  /**
   * Queues a message if it is for this link. Once a rekey did not fit, none is taken until the
   * broker has delivered it again, so that the order holds and no gap opens. Runs on a thread of
   * Paho.
   *
   * @param whenHandled acknowledges the message
   * @return false when it is not for this link
   */
  boolean offer(String topic, MqttMessage message, Runnable whenHandled) {
    MqttProperties properties = message.getProperties();
    byte[] data = properties.getCorrelationData();
    MqttAddress peer =
        route.peerOf(topic, properties.getResponseTopic(), data == null ? new byte[0] : data);
    if (peer == null || closed) {
      return false;
    }
    byte[] payload = message.getPayload();
    if (payload.length == 0 || payload.length > MAX_DATAGRAM_OCTETS) {
      tally.refusedInbound(); // an empty one clears a retained message
      whenHandled.run();
    } else if (overflowed) {
      tally.droppedInbound();
    } else if (!inbound.offer(new Datagram(peer, payload), whenHandled)) {
      if (route.needsAll() && message.getQos() > 0) {
        overflowed = true;
      } else {
        whenHandled.run();
      }
    }
    return true;
  }

  /**
   * A new connection is open. Runs on a thread of Paho.
   *
   * @param sessionPresent the broker will deliver again what was not acknowledged
   */
  void reopened(boolean sessionPresent) {
    if (sessionPresent) {
      inbound.clear();
    }
    overflowed = false;
    askedAgain.set(false);
  }

  void sent() {
    tally.sent();
    refuse(null);
  }

  void dropped() {
    tally.droppedOutbound();
  }

  /** Sets or clears what the broker holds against this link alone. */
  void refuse(@Nullable LinkState newRefusal) {
    boolean changed = !Objects.equals(refusal, newRefusal);
    refusal = newRefusal;
    if (changed) {
      inbound.wake();
    }
  }

  void wake() {
    inbound.wake();
  }

  @Override
  public String name() {
    return "mqtt " + route.local().topic();
  }

  @Override
  public MqttAddress localAddress() {
    return route.local();
  }

  @Override
  public int maxDatagramOctets() {
    return MAX_DATAGRAM_OCTETS;
  }

  @Override
  public int unfragmentedOctets() {
    return MAX_DATAGRAM_OCTETS;
  }

  @Override
  public boolean send(Datagram datagram) {
    return send(datagram, () -> {});
  }

  @Override
  public boolean send(Datagram datagram, Runnable delivered) {
    MqttAddress to = (MqttAddress) datagram.peer();
    boolean fits = datagram.size() > 0 && datagram.size() <= MAX_DATAGRAM_OCTETS;
    Outgoing outgoing =
        new Outgoing(
            broker.nextNumber(),
            this,
            datagram,
            route.retained(),
            route.replyTo(),
            route.expirySeconds(),
            System.nanoTime(),
            delivered);
    if (closed || !fits || !route.mayPublishTo(to) || !broker.enqueue(outgoing)) {
      dropped();
      return false;
    }
    return true;
  }

  @Override
  public @Nullable Datagram poll() {
    Datagram first = inbound.poll();
    if (first == null && overflowed && !askedAgain.getAndSet(true)) {
      broker.deliverAgain();
    }
    return first;
  }

  @Override
  public @Nullable Datagram take(long timeoutNanos) throws InterruptedException {
    Datagram first = poll();
    return first == null ? inbound.take(timeoutNanos) : first;
  }

  @Override
  public void onArrival(Runnable wakeUp) {
    inbound.onArrival(wakeUp);
  }

  @Override
  public LinkState state() {
    LinkState shared = broker.state();
    LinkState own = refusal;
    if (closed) {
      return LinkState.CLOSED;
    }
    return shared.isUp() && own != null ? own : shared;
  }

  @Override
  public LinkCounters counters() {
    return tally.counters();
  }

  /** Stops hearing. The broker keeps the subscription and what was not acknowledged. */
  @Override
  public void close() {
    closed = true;
    broker.remove(this);
  }

  @Override
  public String toString() {
    return name();
  }
}
