/** Wire formats, cipher suites, key schedules and key-tree mathematics that both roles use. */
module org.keyfleet.protocol {
  requires transitive static org.jspecify;
  requires org.bouncycastle.provider;

  exports org.keyfleet.protocol.gikev2;
  exports org.keyfleet.protocol.ike;
  exports org.keyfleet.protocol.keytree;
  exports org.keyfleet.protocol.octets;
  exports org.keyfleet.protocol.pki;
  exports org.keyfleet.protocol.secret;
  exports org.keyfleet.protocol.suite;
}
