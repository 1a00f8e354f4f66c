package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.GroupSignedOctets;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.SignatureAuth;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * Makes the AUTH payload of a GSA_REKEY (RFC 9838 section 2.4.1.1): a signature over {@code A | P},
 * header and inner payloads with adjusted lengths, in which "the Authentication Data field is
 * zeroed, but the ASN.1 Length and the AlgorithmIdentifier fields must be properly filled in".
 *
 * <p>The zeroed octets are as many as the signature has, so its length must be known before it is
 * made. DER signatures of ECDSA vary by some octets: the signer tries again until the length is the
 * one foretold.
 */
final class RekeySignature {
  // Ours: an ECDSA signature has the likeliest length with a probability of about 1/2
  private static final int MAX_TRIES = 128;

  private static final int ED25519_OCTETS = 64; // RFC 8032 section 5.1.6
  private static final int LIKELY_ECDSA_P256_OCTETS = 71; // INTEGERs of 33 and 32 octets
  private static final int LIKELY_ECDSA_P384_OCTETS = 103; // INTEGERs of 49 and 48 octets
  private static final int LIKELY_RSA_OCTETS = 256;

  private RekeySignature() {}

  /**
   * {@code payloads} with an AUTH payload behind them.
   *
   * @throws SigningException when the signer fails, or does not make a signature of one length
   *     again in 128 tries
   */
  static List<Payload> signed(IkeHeader header, List<Payload> payloads, Signer signer)
      throws SigningException {
    SignatureScheme scheme = signer.scheme();
    int octets = likelyOctets(scheme);
    for (int i = 0; i < MAX_TRIES; i++) {
      AuthPayload blank = SignatureAuth.blank(scheme, octets);
      Bytes signature = signer.sign(toSign(header, with(payloads, blank)));
      if (signature.size() == octets) {
        return with(payloads, SignatureAuth.of(scheme, signature));
      }
      // ECDSA comes back to the likeliest length; an RSA key has one length, known now
      octets = isEcdsa(scheme) ? likelyOctets(scheme) : signature.size();
    }
    throw new SigningException(
        "no signature of the foretold length", new IllegalStateException(scheme.toString()));
  }

  private static Bytes toSign(IkeHeader header, List<Payload> payloads) {
    try {
      return GroupSignedOctets.of(OutboundMessage.adjusted(header, payloads));
    } catch (MalformedMessageException e) {
      throw new IllegalStateException("our own message", e);
    }
  }

  private static List<Payload> with(List<Payload> payloads, AuthPayload auth) {
    List<Payload> all = new ArrayList<>(payloads);
    all.add(auth);
    return all;
  }

  private static boolean isEcdsa(SignatureScheme scheme) {
    return scheme == SignatureScheme.ECDSA_P256_SHA256
        || scheme == SignatureScheme.ECDSA_P384_SHA384;
  }

  private static int likelyOctets(SignatureScheme scheme) {
    return switch (scheme) {
      case ED25519 -> ED25519_OCTETS;
      case ECDSA_P256_SHA256 -> LIKELY_ECDSA_P256_OCTETS;
      case ECDSA_P384_SHA384 -> LIKELY_ECDSA_P384_OCTETS;
      case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> LIKELY_RSA_OCTETS;
      case ML_DSA_44, ML_DSA_65 -> scheme.maxSignatureOctets();
    };
  }
}
