package org.keyfleet.protocol.gikev2;

import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * GROUP_SENDER: the member intends to send data traffic (RFC 9838 section 4.7.4).
 *
 * @param senderIds how many Sender-IDs it wants, one for each encryption module; 32 bits
 */
public record GroupSender(long senderIds) {
  public GroupSender {
    if (senderIds < 0 || senderIds > 0xffff_ffffL) {
      throw new IllegalArgumentException(senderIds + " Sender-IDs");
    }
  }

  /** "The count MUST be 4 octets long and contain the big endian representation". */
  public static GroupSender of(NotifyPayload notify) throws MalformedMessageException {
    if (!notify.is(NotifyType.GROUP_SENDER)) {
      throw new IllegalArgumentException(notify.typeName());
    }
    // "The Protocol ID and SPI Size fields in the Notify payload MUST be zero."
    if (notify.protocol() != 0 || !notify.spi().isEmpty()) {
      throw new MalformedMessageException("GROUP_SENDER: protocol or SPI");
    }
    ByteReader in = notify.data().reader();
    long count = in.u32("GROUP_SENDER count");
    in.expectEnd("GROUP_SENDER");
    return new GroupSender(count);
  }

  public NotifyPayload toPayload() {
    return NotifyPayload.of(NotifyType.GROUP_SENDER, new ByteWriter().u32(senderIds).toBytes());
  }
}
