package org.keyfleet.agent.registration;

import java.util.List;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A request that waits for its response.
 *
 * @param datagrams what is sent again, bit by bit (RFC 7296 section 2.1)
 */
record Outstanding(
    List<Bytes> datagrams, ExchangeType exchange, long messageId, Retransmission retransmission) {
  Outstanding {
    datagrams = List.copyOf(datagrams);
  }

  Outstanding with(Retransmission next) {
    return new Outstanding(datagrams, exchange, messageId, next);
  }

  /** Whether a response with this header can be the answer; who sent it is not known yet. */
  boolean isAnsweredBy(IkeHeader response) {
    return response.messageId() == messageId && response.exchange() == exchange;
  }
}
