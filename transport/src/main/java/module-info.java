/** Datagram links that carry opaque octets, and the local socket of the control commands. */
module org.keyfleet.transport {
  requires transitive static org.jspecify;

  exports org.keyfleet.transport;
  exports org.keyfleet.transport.udp;
}
