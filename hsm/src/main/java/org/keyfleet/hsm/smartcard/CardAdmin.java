package org.keyfleet.hsm.smartcard;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.TokenDescription;
import org.keyfleet.hsm.TokenFlag;
import org.keyfleet.protocol.octets.Bytes;

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

  /**
   * Sends an issuer's messages to a card, in their order: see {@link CardIssuer}.
   *
   * @throws CustodyException with the number of the message that was refused; those before it
   *     counted, and it does not count again
   */
  public static void personalise(CustodyConfig.Card card, List<Bytes> messages)
      throws CustodyException {
    try (CardSession session = CardSession.start(card.reader(), card.aid())) {
      CardInfo.of(session);
      for (int i = 0; i < messages.size(); i++) {
        String what = "take message " + (i + 1) + " of " + messages.size() + " of its issuer";
        session.send(what, Ins.PERSONALIZE, 0, 0, messages.get(i));
      }
    }
  }

  /** The number of the last issuer's message that the card took; 0 when there was none. */
  public static long lastIssuerNumber(CustodyConfig.Card card) throws CustodyException {
    try (CardSession session = CardSession.start(card.reader(), card.aid())) {
      return CardInfo.of(session).issuerNumber();
    }
  }

  /**
   * Has a card without an issuer verify each rekey from now on; only a wipe takes that back. The
   * GCKS's key is the one given here, or else that of the first registration.
   *
   * @param pin stays the caller's
   * @param gcksPoint uncompressed, 65 octets
   * @throws CustodyException POLICY if the card has an issuer, or demands it already
   */
  public static void demandSignedRekeys(
      CustodyConfig.Card card, char[] pin, Optional<Bytes> gcksPoint) throws CustodyException {
    try (CardSession session = CardSession.start(card.reader(), card.aid())) {
      CardPin.verify(session, CardInfo.of(session), pin, card.lastPinTry());
      int mode = CardDemand.SIGNED_REKEYS.octet();
      if (gcksPoint.isPresent()) {
        session.send("take the demand", Ins.DEMAND, mode, 0, gcksPoint.get());
      } else {
        session.ask("take the demand", Ins.DEMAND, mode, 0);
      }
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
