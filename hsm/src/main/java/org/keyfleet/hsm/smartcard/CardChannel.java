package org.keyfleet.hsm.smartcard;

import java.io.IOException;

/** One session with one card, which nobody else uses as long as it lasts. */
public interface CardChannel extends AutoCloseable {
  /**
   * Sends a short command and waits for the answer. Fetches what the card holds ready (status 61xx)
   * by itself.
   *
   * @param command stays the caller's, who wipes it
   * @return data and status word, 2 to 258 octets; the caller's, who wipes it
   * @throws IOException if the card does not answer; the channel is of no use any more
   */
  byte[] transmit(byte[] command) throws IOException;

  /** Ends the session; never throws. */
  @Override
  void close();
}
