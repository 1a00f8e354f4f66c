package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Prf;

/**
 * What the AUTH payloads of IKE_AUTH and GSA_AUTH sign (RFC 7296 section 2.15): our own first
 * message as it was sent (the one with the cookie, if one was asked for; without the non-ESP
 * marker), the other side's nonce, and a MAC of our identity.
 */
public final class AuthOctets {
  private AuthOctets() {}

  /**
   * {@code InitiatorSignedOctets = RealMessage1 | NonceRData | prf(SK_pi, RestOfInitIDPayload)}.
   */
  public static Bytes initiator(
      Bytes initRequest, Bytes responderNonce, IdPayload initiatorId, IkeSaKeys keys) {
    return join(initRequest, responderNonce, initiatorId, keys.prf(), keys.pi());
  }

  /**
   * {@code ResponderSignedOctets = RealMessage2 | NonceIData | prf(SK_pr, RestOfRespIDPayload)}.
   */
  public static Bytes responder(
      Bytes initResponse, Bytes initiatorNonce, IdPayload responderId, IkeSaKeys keys) {
    return join(initResponse, initiatorNonce, responderId, keys.prf(), keys.pr());
  }

  private static Bytes join(Bytes message, Bytes nonce, IdPayload id, Prf prf, SecretBytes key) {
    try (SecretBytes macedId = prf.mac(key, id.body())) {
      return Bytes.concat(message, nonce, macedId.use(Bytes::copyOf));
    }
  }
}
