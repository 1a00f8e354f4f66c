package org.keyfleet.transport;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A topic at the broker that the link is connected to. The correlation data of an MQTT 5 request
 * rides along so that the answer can carry it (MQTT 5 section 4.10); it is not part of equality.
 */
public final class MqttAddress implements LinkAddress {
  private final String topic;
  private final byte[] correlation;

  public MqttAddress(String topic, byte[] correlation) {
    this.topic = Objects.requireNonNull(topic, "topic");
    this.correlation = correlation.clone();
  }

  /** A topic without correlation data. */
  public MqttAddress(String topic) {
    this(topic, new byte[0]);
  }

  /** The topic that reaches this peer. */
  public String topic() {
    return topic;
  }

  /** The request's correlation data, empty when it had none; a copy that the caller owns. */
  public byte[] correlation() {
    return correlation.clone();
  }

  @Override
  public byte[] octets() {
    return topic.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MqttAddress that && topic.equals(that.topic);
  }

  @Override
  public int hashCode() {
    return topic.hashCode();
  }

  @Override
  public String toString() {
    return "mqtt:" + topic;
  }
}
