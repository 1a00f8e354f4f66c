package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Identification payloads IDi, IDr (RFC 7296 section 3.5) and IDg (RFC 9838 section 4.2).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   ID Type     |                 RESERVED                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                   Identification Data                         ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param kind whose identity this is
 * @param idType see {@link IdType}; an unknown type is refused where the identity is looked up
 * @param data 1 to 4096 octets; 4 or 16 for an address
 */
public record IdPayload(Kind kind, int idType, Bytes data) implements Payload {
  private static final int MAX_OCTETS = 4096;
  private static final int IPV4_OCTETS = 4;
  private static final int IPV6_OCTETS = 16;

  /** Which of the three identification payloads. */
  public enum Kind {
    INITIATOR(PayloadType.IDI),
    RESPONDER(PayloadType.IDR),
    GROUP(PayloadType.IDG);

    private final PayloadType type;

    Kind(PayloadType type) {
      this.type = type;
    }
  }

  public IdPayload {
    if (idType < 0 || idType > 0xff || !fits(idType, data.size())) {
      throw new IllegalArgumentException("ID type " + idType + ": " + data.size() + " octets");
    }
  }

  public static IdPayload of(Kind kind, IdType type, Bytes data) {
    return new IdPayload(kind, type.code(), data);
  }

  /** The group name as ID_KEY_ID, which every member understands (RFC 9838 section 4.2). */
  public static IdPayload group(Bytes keyId) {
    return of(Kind.GROUP, IdType.ID_KEY_ID, keyId);
  }

  static IdPayload decode(Kind kind, ByteReader in) throws MalformedMessageException {
    int idType = in.u8("ID type");
    in.skip(3, "ID reserved");
    int length = in.remaining();
    if (!fits(idType, length)) {
      throw new MalformedMessageException("ID type " + idType + ": " + length + " octets");
    }
    return new IdPayload(kind, idType, in.takeRest());
  }

  private static boolean fits(int idType, int octets) {
    if (idType == IdType.ID_IPV4_ADDR.code()) {
      return octets == IPV4_OCTETS;
    }
    if (idType == IdType.ID_IPV6_ADDR.code()) {
      return octets == IPV6_OCTETS;
    }
    return octets > 0 && octets <= MAX_OCTETS;
  }

  public boolean is(IdType wanted) {
    return idType == wanted.code();
  }

  /** The same identity, whichever payload holds it. */
  public boolean sameIdentity(IdPayload other) {
    return idType == other.idType && data.equals(other.data);
  }

  /** RestOfInitIDPayload or RestOfRespIDPayload of RFC 7296 section 2.15. */
  public Bytes body() {
    ByteWriter out = new ByteWriter();
    encodeBody(out);
    return out.toBytes();
  }

  @Override
  public int typeCode() {
    return kind.type.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.u8(idType).zeros(3).bytes(data);
  }
}
