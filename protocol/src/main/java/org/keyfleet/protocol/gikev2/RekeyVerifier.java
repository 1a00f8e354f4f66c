package org.keyfleet.protocol.gikev2;

import java.util.Optional;
import org.keyfleet.protocol.gikev2.RekeyAuthentication.DigitalSignature;
import org.keyfleet.protocol.gikev2.RekeyAuthentication.Implicit;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.GroupSignedOctets;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.SignatureAuth;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;

/**
 * How a member verifies that a GSA_REKEY is the GCKS's: the method its registration gave it, which
 * "MUST NOT change as a result of rekey operations", and the current authentication key (RFC 9838
 * sections 2.4.1.1 and 4.4.2.1.1).
 */
public sealed interface RekeyVerifier {

  /** The ICV is enough; an AUTH payload "MUST NOT be included". */
  record ByIcv() implements RekeyVerifier {}

  /**
   * By a digital signature.
   *
   * @param authKey DER SubjectPublicKeyInfo that fits {@code scheme}
   */
  record BySignature(SignatureScheme scheme, Bytes authKey) implements RekeyVerifier {}

  /**
   * What a registration gave.
   *
   * @throws NotAllowedHereException when GCAUTH is absent or not supported, or AUTH_KEY does not
   *     fit it
   */
  static RekeyVerifier of(RekeySaPolicy policy, MemberKeyBag bag) throws NotAllowedHereException {
    RekeyAuthentication method =
        policy.authentication().orElseThrow(() -> new NotAllowedHereException("GCAUTH missing"));
    if (method instanceof Implicit) {
      return new ByIcv();
    }
    if (!(method instanceof DigitalSignature signature)) {
      throw new NotAllowedHereException("GCAUTH is not supported");
    }
    SignatureScheme scheme =
        SignatureScheme.ofAlgorithmIdentifier(signature.algorithmIdentifier())
            .orElseThrow(() -> new NotAllowedHereException("GCAUTH: unknown algorithm"));
    Bytes authKey =
        bag.authKey().orElseThrow(() -> new NotAllowedHereException("AUTH_KEY missing"));
    return bySignature(scheme, authKey);
  }

  /**
   * By a signature with a key that goes with the scheme, see {@link AuthKey}.
   *
   * @throws NotAllowedHereException when it does not
   */
  static RekeyVerifier bySignature(SignatureScheme scheme, Bytes authKey)
      throws NotAllowedHereException {
    if (AuthKey.verificationKey(scheme, authKey).isEmpty()) {
      throw new NotAllowedHereException("AUTH_KEY does not fit " + scheme);
    }
    return new BySignature(scheme, authKey);
  }

  /**
   * Verifies an opened message.
   *
   * @return what was signed; empty with implicit authentication
   */
  default Optional<SignedRekey> verify(OpenedMessage message) throws NotAuthenticException {
    int auths = message.payloads().every(AuthPayload.class).size();
    if (!(this instanceof BySignature signature)) {
      if (auths != 0) {
        throw new NotAuthenticException();
      }
      return Optional.empty();
    }
    AuthPayload auth =
        message.payloads().find(AuthPayload.class).orElseThrow(NotAuthenticException::new);
    try {
      // "The AlgorithmIdentifier ASN.1 object in the AUTH payload MUST match the content of the
      // Signature Algorithm Identifier attribute"
      SignatureAuth data = SignatureAuth.decode(auth);
      if (!data.algorithmIdentifier().equals(signature.scheme().algorithmIdentifier())) {
        throw new NotAuthenticException();
      }
      Bytes signedOctets = GroupSignedOctets.of(message.adjusted());
      Bytes key =
          AuthKey.verificationKey(signature.scheme(), signature.authKey())
              .orElseThrow(NotAuthenticException::new);
      signature.scheme().verify(key, signedOctets, data.signature());
      return Optional.of(new SignedRekey(signedOctets, data.signature()));
    } catch (MalformedMessageException e) {
      throw new NotAuthenticException();
    }
  }

  /**
   * The verifier of the messages after one that carried a new AUTH_KEY.
   *
   * @throws NotAllowedHereException when authentication is implicit ("AUTH_KEY MUST NOT be sent to
   *     GMs") or the key does not fit the scheme
   */
  default RekeyVerifier rolledOver(Bytes newAuthKey) throws NotAllowedHereException {
    if (this instanceof BySignature signature) {
      return bySignature(signature.scheme(), newAuthKey);
    }
    throw new NotAllowedHereException("AUTH_KEY with implicit authentication");
  }
}
