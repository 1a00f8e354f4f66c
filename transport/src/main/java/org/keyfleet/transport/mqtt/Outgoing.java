package org.keyfleet.transport.mqtt;

import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.MqttAddress;

/**
 * One publication.
 *
 * @param number tells it from every other one, and is the correlation data of a request
 * @param link who sends it and hears of its fate
 * @param datagram what is sent, to the topic that is its peer
 * @param retained the broker keeps it for those who subscribe later
 * @param replyTo the response topic and correlation data of a request (MQTT 5 section 4.10)
 * @param expirySeconds worthless after that time, here or at the broker; 0 for never
 * @param queuedNanos when it was queued
 * @param delivered runs when the broker has acknowledged it
 */
record Outgoing(
    long number,
    MqttLink link,
    Datagram datagram,
    boolean retained,
    @Nullable MqttAddress replyTo,
    int expirySeconds,
    long queuedNanos,
    Runnable delivered) {

  MqttAddress to() {
    return (MqttAddress) datagram.peer();
  }

  /** Whether its receivers need it however late it comes. */
  boolean lasting() {
    return expirySeconds == 0;
  }

  boolean expired(long nowNanos) {
    return expirySeconds > 0 && nowNanos - queuedNanos > expirySeconds * 1_000_000_000L;
  }
}
