package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The keys of one group SA (RFC 9838 section 4.5.2).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |    Protocol   |   SPI Size    |            Length             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                              SPI                              ~
 * ~                  &lt;Group Key Bag Attributes&gt;                   ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param saKeys the same keying material under one or more KWKs; exactly one, under GSK_w, for a
 *     Data-Security SA
 * @param others attributes this version does not know
 */
public record GroupKeyBag(GroupSaId id, List<WrappedKey> saKeys, List<Attribute> others) {
  private static final int SA_KEY = 1; // RFC 9838 section 4.5.2

  public GroupKeyBag {
    saKeys = List.copyOf(saKeys);
    others = List.copyOf(others);
    if (saKeys.isEmpty() || !isAllowed(id, saKeys)) {
      throw new IllegalArgumentException(id + ": SA_KEY " + saKeys);
    }
  }

  public static GroupKeyBag of(GroupSaId id, WrappedKey... saKeys) {
    return new GroupKeyBag(id, List.of(saKeys), List.of());
  }

  /** Reads one bag whose first octet is not zero. */
  static GroupKeyBag decode(ByteReader in) throws MalformedMessageException {
    ProtocolId protocol = GroupSaId.decodeProtocol(in);
    ByteReader body = Substructure.body(in, protocol + " key bag");
    GroupSaId id = GroupSaId.decodeSpi(protocol, body);
    List<WrappedKey> saKeys = new ArrayList<>();
    List<Attribute> others = new ArrayList<>();
    for (Attribute attribute : Attribute.decodeAll(body)) {
      if (attribute.type() == SA_KEY) {
        saKeys.add(WrappedKey.decode(attribute.tlvValue("SA_KEY")));
      } else {
        others.add(attribute);
      }
    }
    if (saKeys.isEmpty()) {
      throw new MalformedMessageException(id + ": no SA_KEY");
    }
    if (!isAllowed(id, saKeys)) {
      throw new MalformedMessageException(id + ": SA_KEY " + saKeys.size() + " times");
    }
    return new GroupKeyBag(id, saKeys, others);
  }

  void encode(ByteWriter out) {
    List<Attribute> all = new ArrayList<>();
    saKeys.forEach(key -> all.add(Attribute.tlv(SA_KEY, key.encode())));
    all.addAll(others);
    Substructure.encode(
        id.protocol().code(),
        id.spi().size(),
        out,
        body -> {
          body.bytes(id.spi());
          Attribute.encodeAll(all, body);
        });
  }

  /**
   * "the Key ID field MUST always be zero"; for AH and ESP "exactly one SA_KEY attribute MUST be
   * present with both Key ID and KWK ID fields set to zero" (section 4.5.2.1).
   */
  private static boolean isAllowed(GroupSaId id, List<WrappedKey> keys) {
    boolean keyingMaterial =
        keys.stream().allMatch(key -> key.keyId() == WrappedKey.SA_KEYING_MATERIAL);
    boolean oneUnderDefault = keys.size() == 1 && keys.get(0).kwkId() == WrappedKey.DEFAULT_KWK;
    return keyingMaterial && (id.isRekeySa() || oneUnderDefault);
  }
}
