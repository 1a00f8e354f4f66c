package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * What the AUTH payload of a GSA_REKEY signs (RFC 9838 section 2.4.1.1): the message before
 * encryption, {@code A | P}, with the signature itself zeroed while ASN.1 length and
 * AlgorithmIdentifier stand.
 */
public final class GroupSignedOctets {
  private static final int SK_HEADER_AT = IkeHeader.OCTETS;
  private static final int AUTH_METHOD_OCTETS = 4;

  private GroupSignedOctets() {}

  /**
   * Zeroes the signature in {@code adjusted}, which is {@link OpenedMessage#adjusted} or {@link
   * OutboundMessage#adjusted}.
   *
   * @throws MalformedMessageException when there is not exactly one AUTH payload of method Digital
   *     Signature
   */
  public static Bytes of(Bytes adjusted) throws MalformedMessageException {
    ByteReader in = adjusted.reader();
    in.skip(SK_HEADER_AT, "header");
    int type = in.u8("SK next payload");
    in.skip(SealedBody.SK_HEADER_OCTETS - 1, "SK header");
    byte[] octets = adjusted.toArray();
    int found = 0;
    while (type != PayloadType.NO_NEXT_PAYLOAD) {
      int next = in.u8("next payload");
      in.skip(1, "payload flags");
      int bodyOctets = in.u16("payload length") - PayloadChain.HEADER_OCTETS;
      int bodyAt = adjusted.size() - in.remaining();
      ByteReader body = in.child(bodyOctets, "payload " + type);
      if (type == PayloadType.AUTH.code()) {
        zeroSignature(octets, bodyAt, body);
        found++;
      }
      type = next;
    }
    if (found != 1) {
      throw new MalformedMessageException("AUTH payloads: " + found);
    }
    return Bytes.copyOf(octets);
  }

  private static void zeroSignature(byte[] octets, int bodyAt, ByteReader body)
      throws MalformedMessageException {
    int method = body.u8("AUTH method");
    if (method != AuthPayload.DIGITAL_SIGNATURE) {
      throw new MalformedMessageException("AUTH method: " + method);
    }
    int bodyOctets = body.remaining() + 1;
    body.skip(AUTH_METHOD_OCTETS - 1, "AUTH reserved");
    body.skip(body.u8("ASN.1 length"), "AlgorithmIdentifier");
    for (int i = bodyOctets - body.remaining(); i < bodyOctets; i++) {
      octets[bodyAt + i] = 0;
    }
  }
}
