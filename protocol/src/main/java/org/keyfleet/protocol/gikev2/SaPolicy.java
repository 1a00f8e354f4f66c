package org.keyfleet.protocol.gikev2;

import java.util.List;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.ike.TransformCodec;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Policy of one group SA (RFC 9838 section 4.4.2).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |    Protocol   |   SPI Size    |            Length             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                              SPI                              ~
 * ~                  Source Traffic Selector                      ~
 * ~                Destination Traffic Selector                   ~
 * ~                       &lt;GSA Transforms&gt;                        ~
 * ~                       &lt;GSA Attributes&gt;                        ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public sealed interface SaPolicy permits RekeySaPolicy, DataSaPolicy {
  GroupSaId id();

  TrafficSelector source();

  TrafficSelector destination();

  CipherSuite cipher();

  SaAttributes attributes();

  /** The transforms in the order of the table in section 4.4.2.1. */
  List<Transform> transforms();

  /** Reads one policy whose first octet is not zero. */
  static SaPolicy decode(ByteReader in) throws MalformedMessageException {
    ProtocolId protocol = GroupSaId.decodeProtocol(in);
    ByteReader body = Substructure.body(in, protocol + " policy");
    GroupSaId id = GroupSaId.decodeSpi(protocol, body);
    TrafficSelector source = TrafficSelector.decode(body);
    TrafficSelector destination = TrafficSelector.decode(body);
    List<Transform> transforms = TransformCodec.decode(body);
    SaAttributes attributes = SaAttributes.of(Attribute.decodeAll(body), id.spi().size());
    return id.isRekeySa()
        ? RekeySaPolicy.of(id, source, destination, transforms, attributes)
        : DataSaPolicy.of(id, source, destination, transforms, attributes);
  }

  default void encode(ByteWriter out) {
    Substructure.encode(
        id().protocol().code(),
        id().spi().size(),
        out,
        body -> {
          body.bytes(id().spi());
          source().encode(body);
          destination().encode(body);
          TransformCodec.encode(transforms(), body);
          Attribute.encodeAll(attributes().toList(), body);
        });
  }
}
