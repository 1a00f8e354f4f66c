/** Datagram links that carry opaque octets, and the local socket of the control commands. */
module org.keyfleet.transport {
  requires transitive static org.jspecify;
  requires jdk.net;
  requires org.eclipse.paho.mqttv5.client;

  exports org.keyfleet.transport;
  exports org.keyfleet.transport.local;
  exports org.keyfleet.transport.mqtt;
  exports org.keyfleet.transport.udp;

  // Paho makes its logger by name
  opens org.keyfleet.transport.mqtt to
      org.eclipse.paho.mqttv5.client;
}
