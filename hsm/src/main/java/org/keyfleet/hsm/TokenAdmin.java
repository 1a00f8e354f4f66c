package org.keyfleet.hsm;

import java.security.SecureRandom;
import java.util.EnumSet;
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
