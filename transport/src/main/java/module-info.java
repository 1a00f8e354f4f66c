/** Datagram links that carry opaque octets. */
module org.keyfleet.transport {
  requires transitive static org.jspecify;

  exports org.keyfleet.transport;
}
