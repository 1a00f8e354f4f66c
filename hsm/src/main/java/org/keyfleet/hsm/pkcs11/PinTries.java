package org.keyfleet.hsm.pkcs11;

import java.util.Set;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Token;

/** How many wrong PINs a token still takes, as its flags tell (PKCS#11 2.40 section 3.2). */
enum PinTries {
  ENOUGH(""),
  /** CKF_USER_PIN_COUNT_LOW: a wrong PIN was given since the last right one. */
  FEW("; few tries are left"),
  /** CKF_USER_PIN_FINAL_TRY. */
  ONE("; one try is left"),
  /** CKF_USER_PIN_LOCKED. */
  NONE("; no try is left");

  private final String remark;

  PinTries(String remark) {
    this.remark = remark;
  }

  static PinTries of(Token token) throws CustodyException {
    try {
      return ofFlags(token.getTokenInfo().getFlags());
    } catch (PKCS11Exception e) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, e.getErrorCode(), "the token does not describe itself", e);
    }
  }

  static PinTries ofFlags(long flags) {
    if ((flags & PKCS11Constants.CKF_USER_PIN_LOCKED) != 0) {
      return NONE;
    }
    if ((flags & PKCS11Constants.CKF_USER_PIN_FINAL_TRY) != 0) {
      return ONE;
    }
    return (flags & PKCS11Constants.CKF_USER_PIN_COUNT_LOW) != 0 ? FEW : ENOUGH;
  }

  /** The end of a line that says that a PIN was wrong. */
  String remark() {
    return remark;
  }

  /** Refuses a login that cannot succeed, and one that may lock the token unless that is wanted. */
  void require(String name, Set<Quirk> quirks, boolean lastTry) throws CustodyException {
    if (this == NONE) {
      throw new CustodyException(CustodyFault.PIN_LOCKED, locked(name, quirks));
    }
    if (this == ONE && !lastTry) {
      throw new CustodyException(
          CustodyFault.PIN_LAST_TRY,
          "token "
              + name
              + " has one try left for its PIN, which is not spent without a person: set pin-file"
              + " right, then log in once by hand (pkcs11-tool --login), or keyfleet-agent token"
              + " unlock");
    }
  }

  /** What a person reads who has to undo it. */
  static String locked(String name, Set<Quirk> quirks) {
    if (quirks.contains(Quirk.LOCKS_FOR_A_TIME)) {
      return "the TPM behind token "
          + name
          + " is locked after wrong PINs (dictionary attack lock-out): wait until it counts them"
          + " down, or tpm2_dictionarylockout --clear-lockout";
    }
    return "the PIN of token "
        + name
        + " is locked: the security officer resets it (keyfleet-agent token unlock)";
  }
}
