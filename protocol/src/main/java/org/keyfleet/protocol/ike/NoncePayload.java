package org.keyfleet.protocol.ike;

import java.security.SecureRandom;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** Nonce payload (RFC 7296 section 3.9): 16 to 256 octets. */
public record NoncePayload(Bytes nonce) implements Payload {
  static final int MIN_OCTETS = 16;
  static final int MAX_OCTETS = 256;

  /** "at least half the key size of the negotiated PRF" (section 2.10): half of 512 bits. */
  private static final int OUR_OCTETS = 32;

  public NoncePayload {
    if (!fits(nonce.size())) {
      throw new IllegalArgumentException("nonce: " + nonce.size() + " octets");
    }
  }

  /** A fresh nonce long enough for every PRF. */
  public static NoncePayload random(SecureRandom random) {
    byte[] octets = new byte[OUR_OCTETS];
    random.nextBytes(octets);
    return new NoncePayload(Bytes.copyOf(octets));
  }

  static NoncePayload decode(ByteReader in) throws MalformedMessageException {
    int length = in.remaining();
    if (!fits(length)) {
      throw new MalformedMessageException("nonce: " + length + " octets");
    }
    return new NoncePayload(in.takeRest());
  }

  @Override
  public int typeCode() {
    return PayloadType.NONCE.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.bytes(nonce);
  }

  private static boolean fits(int octets) {
    return octets >= MIN_OCTETS && octets <= MAX_OCTETS;
  }
}
