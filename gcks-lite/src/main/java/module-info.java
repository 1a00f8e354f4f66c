/** The group controller and key server. */
module org.keyfleet.gcks {
  requires com.grack.nanojson;
  requires info.picocli;
  requires java.sql;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.keyfleet.hsm;
  requires org.keyfleet.protocol;
  requires org.keyfleet.transport;
  requires org.tomlj;
  requires org.xerial.sqlitejdbc;
  requires static org.jspecify;
}
