package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.gikev2.RekeyAuthentication.DigitalSignature;
import org.keyfleet.protocol.ike.AuthPayload;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadType;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * The digital signature of a GSA_REKEY (RFC 9838 section 2.4.1.1): over {@code A | P}, header and
 * inner payloads with adjusted lengths, in which "the Authentication Data field is zeroed, but the
 * ASN.1 Length and the AlgorithmIdentifier fields must be properly filled in". A fragmented message
 * is signed as a whole, before fragmentation.
 *
 * <p>The zeroed octets are as many as the signature has, so its length must be known before it is
 * made. DER signatures of ECDSA vary by some octets: the signer tries again until the length is the
 * one foretold.
 */
final class RekeySignature {
  // Ours: each try fits with probability 1/2 at least (ECDSA, random nonces)
  private static final int MAX_TRIES = 128;

  // P-256: two INTEGERs of 33 and 32 octets is the commonest length
  private static final int LIKELY_ECDSA_P256_OCTETS = 71;
  private static final int LIKELY_ECDSA_P384_OCTETS = 103;
  private static final int ED25519_OCTETS = 64; // RFC 8032 section 5.1.6
  private static final int LIKELY_RSA_OCTETS = 256;

  private static final int PAYLOAD_HEADER_OCTETS = 4;

  private RekeySignature() {}

  /**
   * {@code payloads} with an AUTH payload behind them.
   *
   * @throws SigningException when the signer fails, or never makes two signatures of one length
   */
  static List<Payload> sign(IkeHeader header, List<Payload> payloads, Signer signer)
      throws SigningException {
    Bytes algorithm = signer.scheme().algorithmIdentifier();
    int octets = likelyOctets(signer.scheme());
    for (int i = 0; i < MAX_TRIES; i++) {
      Bytes blank = new ByteWriter().zeros(octets).toBytes();
      Bytes toSign = OutboundMessage.adjusted(header, with(payloads, algorithm, blank));
      Bytes signature = signer.sign(toSign);
      if (signature.size() == octets) {
        return with(payloads, algorithm, signature);
      }
      octets = signature.size();
    }
    throw new SigningException(
        "signatures vary in length", new IllegalStateException(signer.scheme().toString()));
  }

  /** Verifies the AUTH payload of a message with the current authentication key. */
  static void verify(OpenedMessage message, DigitalSignature method, Bytes authKey)
      throws NotAuthenticException {
    AuthPayload auth =
        message.payloads().find(AuthPayload.class).orElseThrow(NotAuthenticException::new);
    // "the AUTH payload ... MUST contain the Digital Signature authentication method (value 14)"
    if (auth.method() != AuthPayload.DIGITAL_SIGNATURE) {
      throw new NotAuthenticException();
    }
    Bytes algorithm = method.algorithmIdentifier();
    int signatureAt = 1 + algorithm.size();
    // "The AlgorithmIdentifier ASN.1 object in the AUTH payload MUST match"
    if (auth.data().size() <= signatureAt
        || auth.data().at(0) != algorithm.size()
        || !auth.data().slice(1, signatureAt).equals(algorithm)) {
      throw new NotAuthenticException();
    }
    SignatureScheme scheme =
        SignatureScheme.ofAlgorithmIdentifier(algorithm).orElseThrow(NotAuthenticException::new);
    Bytes signature = auth.data().slice(signatureAt, auth.data().size());
    scheme.verify(authKey, blanked(message.adjusted(), signature.size()), signature);
  }

  /** {@code A | P} with the signature at the end of the AUTH payload zeroed. */
  private static Bytes blanked(Bytes adjusted, int signatureOctets) throws NotAuthenticException {
    try {
      int end = endOfAuth(adjusted.reader(), adjusted.size());
      return Bytes.concat(
          adjusted.slice(0, end - signatureOctets),
          new ByteWriter().zeros(signatureOctets).toBytes(),
          adjusted.slice(end, adjusted.size()));
    } catch (MalformedMessageException e) {
      throw new NotAuthenticException(); // an opened message has been parsed already
    }
  }

  /** Where the AUTH payload ends; the payloads start behind the SK payload's header. */
  private static int endOfAuth(ByteReader in, int size) throws MalformedMessageException {
    in.skip(IkeHeader.OCTETS, "header");
    int type = in.u8("SK next payload");
    in.skip(PAYLOAD_HEADER_OCTETS - 1, "SK header");
    while (true) {
      int next = in.u8("next payload");
      in.skip(1, "payload flags");
      in.skip(in.u16("payload length") - PAYLOAD_HEADER_OCTETS, "payload");
      if (type == PayloadType.AUTH.code()) {
        return size - in.remaining();
      }
      type = next;
    }
  }

  private static List<Payload> with(List<Payload> payloads, Bytes algorithm, Bytes signature) {
    ByteWriter data = new ByteWriter(); // RFC 7427 section 3
    data.u8(algorithm.size()).bytes(algorithm).bytes(signature);
    List<Payload> all = new ArrayList<>(payloads);
    all.add(new AuthPayload(AuthPayload.DIGITAL_SIGNATURE, data.toBytes()));
    return all;
  }

  private static int likelyOctets(SignatureScheme scheme) {
    return switch (scheme) {
      case ED25519 -> ED25519_OCTETS;
      case ECDSA_P256_SHA256 -> LIKELY_ECDSA_P256_OCTETS;
      case ECDSA_P384_SHA384 -> LIKELY_ECDSA_P384_OCTETS;
      case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> LIKELY_RSA_OCTETS;
    };
  }
}
