package org.keyfleet.hsm;

import java.security.SecureRandom;
import java.util.EnumSet;
import org.keyfleet.hsm.pkcs11.TokenInit;
import org.keyfleet.hsm.pkcs11.TokenList;
import org.keyfleet.hsm.pkcs11.TokenPin;
import org.keyfleet.hsm.smartcard.CardAdmin;
import org.keyfleet.hsm.soft.SoftCustody;

/**
 * What is done to a token as a whole and needs no open custody; beside {@link CustodyFactory} the
 * only place that knows all back ends.
 */
public final class TokenAdmin {
  private TokenAdmin() {}

  /**
   * What the token says of itself, without its PIN.
   *
   * @throws CustodyException TOKEN_GONE if there is no such token
   */
  public static TokenDescription describe(CustodyConfig config) throws CustodyException {
    if (config instanceof CustodyConfig.Soft soft) {
      SoftCustody.requireThere(soft.file());
      return new TokenDescription(
          String.valueOf(soft.file().getFileName()),
          "Keyfleet",
          "key file",
          "",
          soft.file().toString(),
          EnumSet.of(TokenFlag.INITIALISED, TokenFlag.PIN_SET));
    }
    if (config instanceof CustodyConfig.Pkcs11 pkcs11) {
      return TokenList.describe(pkcs11.uri());
    }
    if (config instanceof CustodyConfig.Card card) {
      return CardAdmin.describe(card);
    }
    throw new IllegalArgumentException("unknown custody " + config);
  }

  /**
   * Whether the PINs of a token that is still to be made are typed at the token itself.
   *
   * @throws CustodyException EXISTS if there is one, TOKEN_GONE if there is no blank one
   */
  public static boolean isMadeAtPad(CustodyConfig config) throws CustodyException {
    return config instanceof CustodyConfig.Pkcs11 pkcs11 && TokenInit.isAtPad(pkcs11.uri());
  }

  /**
   * Gives a token another PIN, also one whose PIN is locked; the keys stay. Both PINs stay the
   * caller's, who wipes them.
   *
   * @param officerPin the security officer's; of a card the PUK
   * @throws CustodyException PIN if one of them is wrong, UNSUPPORTED for a key file
   */
  public static void resetPin(CustodyConfig config, char[] officerPin, char[] newPin)
      throws CustodyException {
    if (config instanceof CustodyConfig.Pkcs11 pkcs11) {
      TokenPin.reset(pkcs11.uri(), officerPin, newPin);
    } else if (config instanceof CustodyConfig.Card card) {
      CardAdmin.resetPin(card, officerPin, newPin);
    } else {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "a key file has no security officer: restore a backup");
    }
  }

  /**
   * Replaces the PIN; the keys stay. Both PINs stay the caller's, who wipes them. A token with a
   * protected authentication path asks for them itself.
   *
   * @throws CustodyException PIN if the old one is wrong or the new one has no length that the
   *     token takes, PIN_LOCKED; nothing has changed then
   */
  public static void changePin(
      CustodyConfig config, char[] oldPin, char[] newPin, SecureRandom random)
      throws CustodyException {
    if (config instanceof CustodyConfig.Soft soft) {
      SoftCustody.changePin(soft.file(), oldPin, newPin, random);
    } else if (config instanceof CustodyConfig.Pkcs11 pkcs11) {
      TokenPin.change(pkcs11.uri(), pkcs11.lastPinTry(), oldPin, newPin);
    } else if (config instanceof CustodyConfig.Card card) {
      CardAdmin.changePin(card, oldPin, newPin);
    } else {
      throw new IllegalArgumentException("unknown custody " + config);
    }
  }
}
