/** The group member. */
module org.keyfleet.agent {
  requires com.grack.nanojson;
  requires info.picocli;
  requires org.bouncycastle.provider;
  requires org.keyfleet.hsm;
  requires org.keyfleet.protocol;
  requires org.keyfleet.transport;
  requires static org.jspecify;
}
