/**
 * Key custody: keys live in a token where there is one, and in host memory only where policy allows
 * it.
 */
module org.keyfleet.hsm {
  requires transitive org.keyfleet.protocol;
  requires transitive static org.jspecify;
  requires org.bouncycastle.provider;

  exports org.keyfleet.hsm;
}
