package org.keyfleet.gcks.policy;

/** A way that rekey messages take to the members. */
public enum RekeyTransport {
  /** GSA_REKEY by UDP multicast. */
  MULTICAST,
  /** GSA_REKEY by an MQTT broker, retained. */
  MQTT,
  /** GSA_INBAND_REKEY over each member's own IKE SA; excludes the other two. */
  INBAND
}
