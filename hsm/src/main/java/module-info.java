/**
 * Key custody: keys live in a token where there is one, and in host memory only where policy allows
 * it.
 */
module org.keyfleet.hsm {
  requires transitive org.keyfleet.protocol;
  requires transitive static org.jspecify;
  requires ipkcs11wrapper;
  requires static java.smartcardio;
  requires static jnasmartcardio;
  requires org.bouncycastle.provider;

  exports org.keyfleet.hsm;
  exports org.keyfleet.hsm.pkcs11;
  exports org.keyfleet.hsm.smartcard;
  exports org.keyfleet.hsm.soft;
}
