package org.keyfleet.agent.data;

import java.io.IOException;
import java.util.List;

/** Makes numbers durable: those to be sent before one of them is, those received soon after. */
@FunctionalInterface
public interface CounterReserve {
  /**
   * Returns when it is on the disk that counters below {@code upTo} may have been used.
   *
   * @throws IOException when it is not; nothing may be sent then
   */
  void reserve(long spi, long upTo) throws IOException;

  /**
   * Returns when it is on the disk up to where packets count as received; marks of other senders
   * stay as they are.
   *
   * @throws IOException when it is not; it is tried again
   */
  default void received(long spi, List<ReplayMark> marks) throws IOException {}
}
