package org.keyfleet.agent.config;

/** How a group's registration and rekey messages travel. */
public enum GroupTransport {
  /** Registration over unicast UDP, rekeys over the multicast address of the group's policy. */
  MULTICAST,
  /** Both over the broker. */
  MQTT
}
