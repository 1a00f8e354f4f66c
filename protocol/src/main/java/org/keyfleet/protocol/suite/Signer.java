package org.keyfleet.protocol.suite;

import org.keyfleet.protocol.octets.Bytes;

/** A private key that signs, wherever it lives. */
public interface Signer {
  SignatureScheme scheme();

  /** The public key: a DER SubjectPublicKeyInfo (RFC 5280 section 4.1). */
  Bytes subjectPublicKeyInfo();

  /** The signature of {@code message} in the form of the scheme (DER for ECDSA). */
  Bytes sign(Bytes message) throws SigningException;
}
