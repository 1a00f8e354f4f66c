package org.keyfleet.hsm.smartcard;

import java.io.IOException;

/** Where a card is put in. */
public interface CardReader {
  /** What users know it by. */
  String name();

  /**
   * Powers the card up, or resets it, for this caller alone. May be called again after a channel of
   * it was lost.
   *
   * @throws IOException if there is no reader or no card, or another program uses the card
   */
  CardChannel connect() throws IOException;
}
