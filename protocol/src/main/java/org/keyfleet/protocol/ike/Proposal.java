package org.keyfleet.protocol.ike;

import java.util.List;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * One alternative of an SA payload (RFC 7296 section 3.3.1); in the SAg payload of RFC 9838 section
 * 2.3.3, proposals of the same number belong together.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Last Substruc |   RESERVED    |         Proposal Length       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Proposal Num  |  Protocol ID  |    SPI Size   |Num  Transforms|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                        SPI (variable)                         ~
 * ~                        Transforms                             ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param number 1 to 255
 * @param protocol see {@link ProtocolId}; an unknown one makes the proposal unacceptable
 * @param spi empty in the initial IKE SA negotiation and in SAg
 */
public record Proposal(int number, int protocol, Bytes spi, List<Transform> transforms) {
  private static final int HEADER_OCTETS = 8;
  private static final int MAX_SPI_OCTETS = 16; // RFC 9838 section 4.4.2: GIKE_UPDATE

  public Proposal {
    if (number < 1 || number > 0xff || protocol < 0 || protocol > 0xff) {
      throw new IllegalArgumentException("proposal " + number + " protocol " + protocol);
    }
    if (spi.size() > MAX_SPI_OCTETS || transforms.size() > TransformCodec.MAX_TRANSFORMS) {
      throw new IllegalArgumentException(
          "proposal: SPI of " + spi.size() + ", " + transforms.size() + " transforms");
    }
    transforms = List.copyOf(transforms);
  }

  public static Proposal of(int number, ProtocolId protocol, List<Transform> transforms) {
    return new Proposal(number, protocol.code(), Bytes.EMPTY, transforms);
  }

  public boolean is(ProtocolId wanted) {
    return protocol == wanted.code();
  }

  /** The transforms of one type, in the sender's order of preference. */
  public List<Transform> ofType(TransformType type) {
    return transforms.stream().filter(transform -> transform.is(type)).toList();
  }

  /** Reads what follows the Last Substruc octet. */
  static Proposal decode(ByteReader in) throws MalformedMessageException {
    in.skip(1, "proposal reserved");
    int length = in.u16("proposal length");
    if (length < HEADER_OCTETS) {
      throw new MalformedMessageException("proposal length: " + length);
    }
    ByteReader body = in.child(length - 4, "proposal");
    int number = body.u8("proposal number");
    if (number == 0) {
      throw new MalformedMessageException("proposal number: 0");
    }
    int protocol = body.u8("proposal protocol");
    int spiOctets = body.u8("proposal SPI size");
    if (spiOctets > MAX_SPI_OCTETS) {
      throw new MalformedMessageException("proposal SPI size: " + spiOctets);
    }
    int count = body.u8("proposal transform count");
    Bytes spi = body.take(spiOctets, "proposal SPI");
    List<Transform> transforms = count == 0 ? List.of() : TransformCodec.decode(body);
    if (transforms.size() != count) {
      throw new MalformedMessageException(
          "proposal transform count: " + count + ", found " + transforms.size());
    }
    body.expectEnd("proposal");
    return new Proposal(number, protocol, spi, transforms);
  }

  /** Writes what follows the Last Substruc octet. */
  void encode(ByteWriter out) {
    out.u8(0);
    out.lengthU16(
        4,
        body -> {
          body.u8(number).u8(protocol).u8(spi.size()).u8(transforms.size()).bytes(spi);
          TransformCodec.encode(transforms, body);
        });
  }
}
