package org.keyfleet.agent.data;

import java.io.IOException;

/** Makes a block of counters durable before one of them is used. */
@FunctionalInterface
public interface CounterReserve {
  /**
   * Returns when it is on the disk that counters below {@code upTo} may have been used.
   *
   * @throws IOException when it is not; nothing may be sent then
   */
  void reserve(long spi, long upTo) throws IOException;
}
