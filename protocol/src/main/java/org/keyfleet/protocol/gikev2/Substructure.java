package org.keyfleet.protocol.gikev2;

import java.util.function.Consumer;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The frame that policies and key bags have in common (RFC 9838 sections 4.4.2, 4.4.3, 4.5.2,
 * 4.5.3): two octets, a length that counts all four, a body.
 */
final class Substructure {
  static final int HEADER_OCTETS = 4;

  /** Protocol 0: the substructure belongs to no SA. */
  static final int NO_PROTOCOL = 0;

  private Substructure() {}

  /** Reads the length behind the first two octets and gives the body. */
  static ByteReader body(ByteReader in, String name) throws MalformedMessageException {
    int length = in.u16(name + " length");
    if (length < HEADER_OCTETS) {
      throw new MalformedMessageException(name + " length: " + length);
    }
    return in.child(length - HEADER_OCTETS, name);
  }

  static void encode(int first, int second, ByteWriter out, Consumer<ByteWriter> body) {
    out.u8(first).u8(second).lengthU16(HEADER_OCTETS, body);
  }
}
