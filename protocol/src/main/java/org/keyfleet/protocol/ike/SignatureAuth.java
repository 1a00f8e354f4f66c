package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * The Digital Signature method (RFC 7427 section 3): Authentication Data = ASN.1 Length (1 octet) |
 * AlgorithmIdentifier | signature.
 *
 * @param algorithmIdentifier DER, 1 to 255 octets
 */
public record SignatureAuth(Bytes algorithmIdentifier, Bytes signature) {
  public SignatureAuth {
    if (algorithmIdentifier.isEmpty() || algorithmIdentifier.size() > 0xff) {
      throw new IllegalArgumentException(
          "AlgorithmIdentifier: " + algorithmIdentifier.size() + " octets");
    }
  }

  /**
   * Signs {@link AuthOctets} with a key whose scheme the peer announced.
   *
   * @throws IllegalArgumentException for a scheme that proves no identities
   */
  public static AuthPayload sign(Signer signer, Bytes signedOctets) throws SigningException {
    if (!signer.scheme().provesIdentities()) {
      throw new IllegalArgumentException(signer.scheme() + " in IKE_AUTH");
    }
    return of(signer.scheme(), signer.sign(signedOctets));
  }

  /** The AUTH payload around a signature made elsewhere. */
  public static AuthPayload of(SignatureScheme scheme, Bytes signature) {
    return new SignatureAuth(scheme.algorithmIdentifier(), signature).toPayload();
  }

  /**
   * The AUTH payload with a signature of {@code signatureOctets} zeros, over which a GSA_REKEY is
   * signed (RFC 9838 section 2.4.1.1).
   */
  public static AuthPayload blank(SignatureScheme scheme, int signatureOctets) {
    return of(scheme, new ByteWriter().zeros(signatureOctets).toBytes());
  }

  /** Reads the data of an AUTH payload of method Digital Signature. */
  public static SignatureAuth decode(AuthPayload auth) throws MalformedMessageException {
    if (auth.method() != AuthPayload.DIGITAL_SIGNATURE) {
      throw new MalformedMessageException("AUTH method: " + auth.method());
    }
    ByteReader in = auth.data().reader();
    int length = in.u8("ASN.1 length");
    if (length == 0) {
      throw new MalformedMessageException("ASN.1 length: 0");
    }
    Bytes algorithmIdentifier = in.take(length, "AlgorithmIdentifier");
    return new SignatureAuth(algorithmIdentifier, in.takeRest());
  }

  /**
   * Verifies the peer's AUTH payload of IKE_AUTH or GSA_AUTH with its public key.
   *
   * @return the scheme that was used
   * @throws NotAuthenticException for another method, an unknown scheme or one that proves no
   *     identities, a key that does not fit it and a wrong signature alike
   */
  public static SignatureScheme verify(
      AuthPayload auth, Bytes subjectPublicKeyInfo, Bytes signedOctets)
      throws NotAuthenticException {
    SignatureAuth data;
    try {
      data = decode(auth);
    } catch (MalformedMessageException e) {
      throw new NotAuthenticException();
    }
    SignatureScheme scheme =
        SignatureScheme.ofAlgorithmIdentifier(data.algorithmIdentifier)
            .filter(SignatureScheme::provesIdentities)
            .orElseThrow(NotAuthenticException::new);
    scheme.verify(subjectPublicKeyInfo, signedOctets, data.signature);
    return scheme;
  }

  /** The AUTH payload. */
  public AuthPayload toPayload() {
    ByteWriter out = new ByteWriter();
    out.u8(algorithmIdentifier.size()).bytes(algorithmIdentifier).bytes(signature);
    return new AuthPayload(AuthPayload.DIGITAL_SIGNATURE, out.toBytes());
  }
}
