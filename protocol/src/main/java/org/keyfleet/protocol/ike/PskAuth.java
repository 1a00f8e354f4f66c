package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.Prf;

/**
 * Authentication by a pre-shared key (RFC 7296 section 2.15): {@code AUTH = prf(prf(Shared Secret,
 * "Key Pad for IKEv2"), SignedOctets)}.
 */
public final class PskAuth {
  /** 17 octets of ASCII without a terminating zero. */
  private static final Bytes KEY_PAD = Bytes.ofUtf8("Key Pad for IKEv2");

  private PskAuth() {}

  /** The AUTH payload over {@link AuthOctets}. */
  public static AuthPayload sign(Prf prf, SecretBytes sharedSecret, Bytes signedOctets) {
    try (SecretBytes mac = mac(prf, sharedSecret, signedOctets)) {
      return new AuthPayload(AuthPayload.SHARED_KEY, mac.use(Bytes::copyOf));
    }
  }

  /** Verifies the peer's AUTH payload; another method is not authentic. */
  public static void verify(AuthPayload auth, Prf prf, SecretBytes sharedSecret, Bytes signedOctets)
      throws NotAuthenticException {
    try (SecretBytes mac = mac(prf, sharedSecret, signedOctets)) {
      if (auth.method() != AuthPayload.SHARED_KEY || !mac.matches(auth.data().toArray())) {
        throw new NotAuthenticException();
      }
    }
  }

  private static SecretBytes mac(Prf prf, SecretBytes sharedSecret, Bytes signedOctets) {
    try (SecretBytes padded = prf.mac(sharedSecret, KEY_PAD)) {
      return prf.mac(padded, signedOctets);
    }
  }
}
