package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Certificate payload (RFC 7296 section 3.6): one certificate; the sender's own comes first.
 *
 * @param encoding {@link #X509_SIGNATURE} is the only one this implementation reads
 * @param data 1 to 16384 octets, for X.509 the DER encoding
 */
public record CertPayload(int encoding, Bytes data) implements Payload {
  /** X.509 Certificate - Signature. */
  public static final int X509_SIGNATURE = 4;

  private static final int MAX_OCTETS = 16384;

  public CertPayload {
    if (encoding < 0 || encoding > 0xff || data.isEmpty() || data.size() > MAX_OCTETS) {
      throw new IllegalArgumentException("CERT " + encoding + ": " + data.size() + " octets");
    }
  }

  public static CertPayload x509(Bytes der) {
    return new CertPayload(X509_SIGNATURE, der);
  }

  static CertPayload decode(ByteReader in) throws MalformedMessageException {
    int encoding = in.u8("CERT encoding");
    int length = in.remaining();
    if (length == 0 || length > MAX_OCTETS) {
      throw new MalformedMessageException("CERT data: " + length + " octets");
    }
    return new CertPayload(encoding, in.takeRest());
  }

  @Override
  public int typeCode() {
    return PayloadType.CERT.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.u8(encoding).bytes(data);
  }
}
