package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Notify payload (RFC 7296 section 3.10).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Protocol ID  |   SPI Size    |      Notify Message Type      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                Security Parameter Index (SPI)                 ~
 * ~                       Notification Data                       ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param protocol 0 unless the SPI says which SA is meant; ignored when the SPI is empty
 * @param type see {@link NotifyType}; unknown status types are ignored by the reader
 */
public record NotifyPayload(int protocol, Bytes spi, int type, Bytes data) implements Payload {
  public NotifyPayload {
    if (protocol < 0 || protocol > 0xff || spi.size() > 0xff || type < 0 || type > 0xffff) {
      throw new IllegalArgumentException("notify " + type + " protocol " + protocol);
    }
  }

  public static NotifyPayload of(NotifyType type) {
    return of(type, Bytes.EMPTY);
  }

  public static NotifyPayload of(NotifyType type, Bytes data) {
    return new NotifyPayload(ProtocolId.NONE, Bytes.EMPTY, type.code(), data);
  }

  static NotifyPayload decode(ByteReader in) throws MalformedMessageException {
    int protocol = in.u8("notify protocol");
    int spiOctets = in.u8("notify SPI size");
    int type = in.u16("notify type");
    Bytes spi = in.take(spiOctets, "notify SPI");
    return new NotifyPayload(protocol, spi, type, in.takeRest());
  }

  public boolean is(NotifyType wanted) {
    return type == wanted.code();
  }

  public boolean isError() {
    return NotifyType.isError(type);
  }

  /** The name of the type for a log line, or its number. */
  public String typeName() {
    return NotifyType.ofCode(type).map(Enum::name).orElse("notify " + type);
  }

  @Override
  public int typeCode() {
    return PayloadType.NOTIFY.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    out.u8(protocol).u8(spi.size()).u16(type).bytes(spi).bytes(data);
  }
}
