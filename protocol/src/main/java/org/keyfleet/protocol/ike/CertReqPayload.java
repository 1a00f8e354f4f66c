package org.keyfleet.protocol.ike;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Certificate Request payload (RFC 7296 section 3.7): for X.509 the SHA-1 hashes of the public keys
 * of trusted CAs, 20 octets each, without anything between them; it may be empty.
 */
public record CertReqPayload(int encoding, Bytes authorities) implements Payload {
  private static final int KEY_HASH_OCTETS = 20;
  private static final int MAX_OCTETS = 256 * KEY_HASH_OCTETS;

  public CertReqPayload {
    if (encoding < 0 || encoding > 0xff || !fits(encoding, authorities.size())) {
      throw new IllegalArgumentException(
          "CERTREQ " + encoding + ": " + authorities.size() + " octets");
    }
  }

  /** A request for X.509 certificates under the CAs of these key hashes. */
  public static CertReqPayload x509(List<Bytes> keyHashes) {
    return new CertReqPayload(
        CertPayload.X509_SIGNATURE, Bytes.concat(keyHashes.toArray(new Bytes[0])));
  }

  static CertReqPayload decode(ByteReader in) throws MalformedMessageException {
    int encoding = in.u8("CERTREQ encoding");
    int length = in.remaining();
    if (!fits(encoding, length)) {
      throw new MalformedMessageException("CERTREQ authorities: " + length + " octets");
    }
    return new CertReqPayload(encoding, in.takeRest());
  }

  /** The key hashes of an X.509 request; empty for another encoding. */
  public List<Bytes> keyHashes() {
    List<Bytes> hashes = new ArrayList<>();
    if (encoding == CertPayload.X509_SIGNATURE) {
      for (int at = 0; at < authorities.size(); at += KEY_HASH_OCTETS) {
        hashes.add(authorities.slice(at, at + KEY_HASH_OCTETS));
      }
    }
    return hashes;
  }

  @Override
  public int typeCode() {
    return PayloadType.CERTREQ.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.u8(encoding).bytes(authorities);
  }

  private static boolean fits(int encoding, int octets) {
    return octets <= MAX_OCTETS
        && (encoding != CertPayload.X509_SIGNATURE || octets % KEY_HASH_OCTETS == 0);
  }
}
