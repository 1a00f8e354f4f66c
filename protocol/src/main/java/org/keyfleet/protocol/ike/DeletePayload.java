package org.keyfleet.protocol.ike;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Delete payload (RFC 7296 section 3.11; RFC 9838 sections 2.4.3 and 4.6 give protocol 0 and zero
 * SPIs a meaning).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Protocol ID   |   SPI Size    |          Num of SPIs          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~               Security Parameter Index(es) (SPI)              ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param spis all of one size: none for IKE, 4 octets for AH and ESP, 16 for GIKE_UPDATE
 */
public record DeletePayload(int protocol, List<Bytes> spis) implements Payload {
  private static final int MAX_SPI_OCTETS = 16;
  private static final int MAX_SPIS = 1024;

  public DeletePayload {
    if (protocol < 0 || protocol > 0xff || spis.size() > MAX_SPIS) {
      throw new IllegalArgumentException(
          "delete: protocol " + protocol + ", " + spis.size() + " SPIs");
    }
    spis = List.copyOf(spis);
    int first = spis.isEmpty() ? 0 : spis.get(0).size();
    for (Bytes spi : spis) {
      if (spi.isEmpty() || spi.size() > MAX_SPI_OCTETS || spi.size() != first) {
        throw new IllegalArgumentException("delete: SPI of " + spi.size() + " octets");
      }
    }
  }

  /** Delete of the IKE SA that carries it. */
  public static DeletePayload ikeSa() {
    return new DeletePayload(ProtocolId.IKE.code(), List.of());
  }

  static DeletePayload decode(ByteReader in) throws MalformedMessageException {
    int protocol = in.u8("delete protocol");
    int spiOctets = in.u8("delete SPI size");
    int count = in.u16("delete SPI count");
    if (spiOctets > MAX_SPI_OCTETS || count > MAX_SPIS || (spiOctets == 0 && count != 0)) {
      throw new MalformedMessageException("delete: " + count + " SPIs of " + spiOctets);
    }
    List<Bytes> spis = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      spis.add(in.take(spiOctets, "delete SPI"));
    }
    in.expectEnd("delete");
    return new DeletePayload(protocol, spis);
  }

  public boolean is(ProtocolId wanted) {
    return protocol == wanted.code();
  }

  @Override
  public int typeCode() {
    return PayloadType.DELETE.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    // RFC 7296 section 3.11: the SPI size is zero for IKE, the size of one SPI otherwise
    out.u8(protocol).u8(spis.isEmpty() ? 0 : spis.get(0).size()).u16(spis.size());
    spis.forEach(out::bytes);
  }
}
