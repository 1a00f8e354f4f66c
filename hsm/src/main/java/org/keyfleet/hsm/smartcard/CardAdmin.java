package org.keyfleet.hsm.smartcard;

import java.util.EnumSet;
import java.util.Set;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.TokenDescription;
import org.keyfleet.hsm.TokenFlag;

/** What is done to a card as a whole and needs no open custody. */
public final class CardAdmin {
  private CardAdmin() {}

  /**
   * What the applet says of itself, without a PIN.
   *
   * @throws CustodyException TOKEN_GONE if there is no card, UNSUPPORTED if it lacks the applet
   */
  public static TokenDescription describe(CustodyConfig.Card card) throws CustodyException {
    try (CardSession session = CardSession.start(card.reader(), card.aid())) {
      CardInfo info = CardInfo.of(session);
      String serial = info.serial().hex();
      return new TokenDescription(
          info.ready() ? serial : "",
          "Keyfleet",
          "card applet",
          serial,
          card.reader().name(),
          flags(info));
    }
  }

  /**
   * Replaces the PIN; the keys stay.
   *
   * @throws CustodyException PIN if the old one is wrong or the new one has no length that the card
   *     takes, PIN_LOCKED; nothing has changed then
   */
  public static void changePin(CustodyConfig.Card card, char[] oldPin, char[] newPin)
      throws CustodyException {
    try (CardSession session = CardSession.start(card.reader(), card.aid())) {
      CardPin.change(session, CardInfo.of(session), oldPin, newPin, card.lastPinTry());
    }
  }

  /**
   * Sets the PIN with the PUK, also when it is locked; the keys stay.
   *
   * @throws CustodyException PIN if the PUK is wrong or the new PIN has no length that the card
   *     takes, PIN_LOCKED if no try is left for the PUK; nothing has changed then
   */
  public static void resetPin(CustodyConfig.Card card, char[] puk, char[] newPin)
      throws CustodyException {
    try (CardSession session = CardSession.start(card.reader(), card.aid())) {
      CardPin.reset(session, puk, newPin);
    }
  }

  private static Set<TokenFlag> flags(CardInfo info) {
    if (!info.ready()) {
      return Set.of();
    }
    Set<TokenFlag> flags = EnumSet.of(TokenFlag.INITIALISED, TokenFlag.PIN_SET);
    if (info.pinTries() == 0) {
      flags.add(TokenFlag.PIN_LOCKED);
    } else if (info.pinTries() == 1) {
      flags.add(TokenFlag.PIN_FINAL_TRY);
    }
    return flags;
  }
}
