/** The group controller and key server. */
module org.keyfleet.gcks {
  requires org.keyfleet.hsm;
  requires org.keyfleet.protocol;
  requires org.keyfleet.transport;
  requires static org.jspecify;
}
