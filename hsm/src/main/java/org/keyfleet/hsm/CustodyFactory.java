package org.keyfleet.hsm;

import java.security.SecureRandom;
import org.keyfleet.hsm.pkcs11.Pkcs11Custody;
import org.keyfleet.hsm.pkcs11.TokenInit;
import org.keyfleet.hsm.rooted.RootedCustody;
import org.keyfleet.hsm.smartcard.CardCustody;
import org.keyfleet.hsm.soft.SoftCustody;

/** Makes custodies; the only place that knows all back ends. */
public final class CustodyFactory {
  private CustodyFactory() {}

  /** A custody that is not open yet. Touches neither the token nor the file. */
  public static KeyCustody of(CustodyConfig config, SecureRandom random) {
    if (config instanceof CustodyConfig.Soft soft) {
      return new GuardedCustody(new SoftCustody(soft.file(), random));
    }
    if (config instanceof CustodyConfig.Pkcs11 pkcs11) {
      Pkcs11Custody token = new Pkcs11Custody(pkcs11.uri(), pkcs11.lastPinTry());
      return new GuardedCustody(
          pkcs11.keyFile().isEmpty()
              ? token
              : new RootedCustody(token, pkcs11.keyFile().get(), random));
    }
    if (config instanceof CustodyConfig.Card card) {
      return new GuardedCustody(new CardCustody(card.reader(), card.aid(), card.lastPinTry()));
    }
    throw new IllegalArgumentException("unknown custody " + config);
  }

  /**
   * Makes what {@link #of} opens: an empty key file, or a token out of a blank one. Never touches
   * one that exists.
   *
   * @param securityOfficerPin resets the PIN of a token later; a key file has none
   * @throws CustodyException EXISTS if it exists, TOKEN_GONE if there is no blank token
   */
  public static void initialize(
      CustodyConfig config, char[] pin, char[] securityOfficerPin, SecureRandom random)
      throws CustodyException {
    if (config instanceof CustodyConfig.Soft soft) {
      SoftCustody.create(soft.file(), pin, random);
    } else if (config instanceof CustodyConfig.Pkcs11 pkcs11) {
      TokenInit.initialize(pkcs11.uri(), securityOfficerPin, pin);
    } else if (config instanceof CustodyConfig.Card card) {
      CardCustody.initialize(card.reader(), card.aid(), pin, securityOfficerPin);
    } else {
      throw new IllegalArgumentException("unknown custody " + config);
    }
  }
}
