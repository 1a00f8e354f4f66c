package org.keyfleet.hsm.pkcs11;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenInfo;

/** Replaces the user's PIN of a token (C_SetPIN, PKCS#11 2.40 section 5.6). */
public final class TokenPin {
  private TokenPin() {}

  /**
   * Replaces it. A token with a protected authentication path asks for both PINs itself.
   *
   * @param lastPinTry whether the old PIN is tried also when the token locks after a wrong one
   */
  public static void change(Pkcs11Uri uri, boolean lastPinTry, char[] oldPin, char[] newPin)
      throws CustodyException {
    String name = uri.token().orElse(uri.toString());
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try {
      Token token = library.token(uri);
      TokenInfo info =
          Pkcs11Library.info(token)
              .orElseThrow(
                  () -> new CustodyException(CustodyFault.TOKEN_GONE, "the token was taken out"));
      PinTries.of(token).require(name, library.quirks(), lastPinTry);
      boolean pad = info.isProtectedAuthenticationPath();
      if (!pad) {
        TokenInit.requireLength(info, newPin, "the new PIN");
      }
      set(token, pad ? null : oldPin, pad ? null : newPin, name, library.quirks());
    } finally {
      library.release();
    }
  }

  /**
   * Sets it with the security officer's PIN, also when it is locked. A token with a protected
   * authentication path asks for both PINs itself.
   */
  public static void reset(Pkcs11Uri uri, char[] securityOfficerPin, char[] newPin)
      throws CustodyException {
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try {
      Token token = library.token(uri);
      TokenInfo info =
          Pkcs11Library.info(token)
              .orElseThrow(
                  () -> new CustodyException(CustodyFault.TOKEN_GONE, "the token was taken out"));
      boolean pad = info.isProtectedAuthenticationPath();
      if (!pad) {
        TokenInit.requireLength(info, newPin, "the new PIN");
      }
      TokenInit.setUserPin(token, pad ? null : securityOfficerPin, pad ? null : newPin);
    } finally {
      library.release();
    }
  }

  private static void set(
      Token token,
      char @Nullable [] oldPin,
      char @Nullable [] newPin,
      String name,
      Set<Quirk> quirks)
      throws CustodyException {
    try {
      Session session = token.openSession(true);
      try {
        session.setPIN(oldPin, newPin);
      } finally {
        session.closeSession();
      }
    } catch (PKCS11Exception e) {
      CustodyFault fault = Ckr.fault(e.getErrorCode()).orElse(CustodyFault.INTERNAL);
      throw new CustodyException(fault, e.getErrorCode(), text(fault, token, name, quirks, e), e);
    }
  }

  private static String text(
      CustodyFault fault, Token token, String name, Set<Quirk> quirks, PKCS11Exception cause)
      throws CustodyException {
    return switch (fault) {
      case PIN ->
          "token "
              + name
              + " refused: the old PIN is wrong, or the new one is not to its taste, "
              + cause.getErrorName()
              + PinTries.of(token).remark();
      case PIN_LOCKED -> PinTries.locked(name, quirks);
      case BAD_WRAP,
          NO_KEY,
          EXISTS,
          POLICY,
          PIN_LAST_TRY,
          TOKEN_GONE,
          TOKEN_FULL,
          CUSTODY_VIOLATION,
          UNSUPPORTED,
          INTERNAL ->
          "cannot change the PIN of token " + name + ", " + cause.getErrorName();
    };
  }
}
