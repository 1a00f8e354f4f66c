/** The group member. */
module org.keyfleet.agent {
  requires org.keyfleet.hsm;
  requires org.keyfleet.protocol;
  requires org.keyfleet.transport;
  requires static org.jspecify;
}
