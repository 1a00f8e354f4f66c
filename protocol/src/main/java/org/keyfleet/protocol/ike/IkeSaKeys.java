package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.Prf;

/**
 * The seven keys of an IKE SA (RFC 7296 section 2.14). Closing wipes all; what the accessors give
 * stays owned by this object.
 */
public final class IkeSaKeys implements AutoCloseable {
  /** RFC 9838 section 3.1.1: 20 octets of ASCII without a terminating zero. */
  private static final Bytes KEY_WRAP_LABEL = Bytes.ofUtf8("Key Wrap for G-IKEv2");

  private final Prf prf;
  private final SecretBytes d;
  private final SecretBytes ai;
  private final SecretBytes ar;
  private final SecretBytes ei;
  private final SecretBytes er;
  private final SecretBytes pi;
  private final SecretBytes pr;

  /** Cuts {@code SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr}; keyMaterial stays open. */
  IkeSaKeys(Prf prf, SecretBytes keyMaterial, int integrityOctets, int encryptionOctets) {
    this.prf = prf;
    int prfOctets = prf.outputOctets();
    int at = 0;
    this.d = keyMaterial.slice(at, at += prfOctets);
    this.ai = keyMaterial.slice(at, at += integrityOctets);
    this.ar = keyMaterial.slice(at, at += integrityOctets);
    this.ei = keyMaterial.slice(at, at += encryptionOctets);
    this.er = keyMaterial.slice(at, at += encryptionOctets);
    this.pi = keyMaterial.slice(at, at += prfOctets);
    this.pr = keyMaterial.slice(at, at + prfOctets);
  }

  public Prf prf() {
    return prf;
  }

  /** SK_d, from which further keys are derived. */
  public SecretBytes d() {
    return d;
  }

  public SecretBytes ai() {
    return ai;
  }

  public SecretBytes ar() {
    return ar;
  }

  /** SK_ei; with an AEAD cipher its last 4 octets are the salt (RFC 5282 section 7.1). */
  public SecretBytes ei() {
    return ei;
  }

  public SecretBytes er() {
    return er;
  }

  public SecretBytes pi() {
    return pi;
  }

  public SecretBytes pr() {
    return pr;
  }

  /**
   * GSK_w, the default key wrap key of this IKE SA: {@code prf+(SK_d, "Key Wrap for G-IKEv2")}, as
   * long as the negotiated key wrap algorithm's key (RFC 9838 section 3.1.1). The caller owns it.
   */
  public SecretBytes gskW(KeyWrap keyWrap) {
    return prf.plus(d, KEY_WRAP_LABEL, keyWrap.keyOctets());
  }

  @Override
  public void close() {
    for (SecretBytes key : new SecretBytes[] {d, ai, ar, ei, er, pi, pr}) {
      key.close();
    }
  }

  @Override
  public String toString() {
    return "IkeSaKeys[" + prf + "]";
  }
}
