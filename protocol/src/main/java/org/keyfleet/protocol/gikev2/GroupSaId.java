package org.keyfleet.protocol.gikev2;

import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Which group SA: security protocol and SPI (RFC 9838 section 4.4.2).
 *
 * @param protocol GIKE_UPDATE for a Rekey SA, AH or ESP for a Data-Security SA
 * @param spi 16 octets for GIKE_UPDATE, 4 for AH and ESP
 */
public record GroupSaId(ProtocolId protocol, Bytes spi) {
  // From RFC 9838 section 4.4.2: "For GIKE_UPDATE it is 16 octets, while for AH and ESP it is 4"
  public static final int REKEY_SPI_OCTETS = 16;
  public static final int DATA_SPI_OCTETS = 4;

  public GroupSaId {
    if (protocol == ProtocolId.IKE || spi.size() != spiOctets(protocol)) {
      throw new IllegalArgumentException(protocol + " SPI of " + spi.size() + " octets");
    }
  }

  public static GroupSaId rekey(Bytes spi) {
    return new GroupSaId(ProtocolId.GIKE_UPDATE, spi);
  }

  public static GroupSaId esp(Bytes spi) {
    return new GroupSaId(ProtocolId.ESP, spi);
  }

  /** The Rekey SA a GSA_REKEY message came over: the header's two SPIs are one of 16 octets. */
  public static GroupSaId ofHeader(IkeHeader header) {
    return rekey(Bytes.concat(header.initiatorSpi().octets(), header.responderSpi().octets()));
  }

  /** How many octets an SPI of {@code protocol} has; 0 for IKE, which is no group SA. */
  public static int spiOctets(ProtocolId protocol) {
    return switch (protocol) {
      case GIKE_UPDATE -> REKEY_SPI_OCTETS;
      case AH, ESP -> DATA_SPI_OCTETS;
      case IKE -> 0;
    };
  }

  public boolean isRekeySa() {
    return protocol == ProtocolId.GIKE_UPDATE;
  }

  /** The first 8 octets: "IKE SA Initiator's SPI" of the Rekey SA's messages. */
  public IkeSpi initiatorSpi() {
    return half(0);
  }

  /** The second 8 octets: "IKE SA Responder's SPI" of the Rekey SA's messages. */
  public IkeSpi responderSpi() {
    return half(IkeSpi.OCTETS);
  }

  private IkeSpi half(int from) {
    if (!isRekeySa()) {
      throw new IllegalStateException(protocol + " has no SPI pair");
    }
    long value = 0;
    for (int i = from; i < from + IkeSpi.OCTETS; i++) {
      value = value << 8 | spi.at(i);
    }
    return new IkeSpi(value);
  }

  /** Reads Protocol and SPI Size; the SPI follows behind the substructure's length. */
  static ProtocolId decodeProtocol(ByteReader in) throws MalformedMessageException {
    int code = in.u8("protocol");
    ProtocolId protocol =
        ProtocolId.ofCode(code)
            .filter(known -> known != ProtocolId.IKE)
            .orElseThrow(() -> new MalformedMessageException("group SA protocol: " + code));
    int octets = in.u8("SPI size");
    if (octets != spiOctets(protocol)) {
      throw new MalformedMessageException(protocol + " SPI size: " + octets);
    }
    return protocol;
  }

  static GroupSaId decodeSpi(ProtocolId protocol, ByteReader in) throws MalformedMessageException {
    Bytes spi = in.take(spiOctets(protocol), "SPI");
    if (isZero(spi)) { // section 2.4.3 gives the zero SPI another meaning, in a Delete
      throw new MalformedMessageException(protocol + " SPI: 0");
    }
    return new GroupSaId(protocol, spi);
  }

  static boolean isZero(Bytes spi) {
    return spi.matches(new ByteWriter().zeros(spi.size()).toBytes());
  }

  @Override
  public String toString() {
    return protocol + " " + spi.hex();
  }
}
