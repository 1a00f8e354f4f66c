package org.keyfleet.hsm.pkcs11;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenInfo;

/** Initialises a blank token: label, security officer's PIN, user's PIN. No external tool. */
public final class TokenInit {
  /** The label of CK_TOKEN_INFO, padded with blanks (PKCS#11 2.40 section 5.5). */
  private static final int LABEL_CHARS = 32;

  private TokenInit() {}

  /**
   * Takes the first blank token that the library shows and that the URI's other attributes fit, or
   * the one of this label whose initialisation was cut off before the user's PIN was set. Any other
   * token is never touched.
   *
   * <p>A token with a protected authentication path asks for both PINs itself.
   *
   * @param uri names the library and the new token's label
   * @throws CustodyException EXISTS if there is a token with this label, TOKEN_GONE if there is no
   *     blank one, PIN if a PIN is too short or too long for it; nothing has changed then
   */
  public static void initialize(Pkcs11Uri uri, char[] securityOfficerPin, char[] userPin)
      throws CustodyException {
    String label =
        uri.token()
            .filter(text -> !text.isEmpty() && text.length() <= LABEL_CHARS)
            .filter(text -> text.chars().allMatch(c -> c >= ' ' && c < 0x7f))
            .orElseThrow(
                () -> new IllegalArgumentException("token label: 1 to 32 ASCII characters"));
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try {
      Candidate candidate = candidate(library, uri, label);
      boolean pad = candidate.info().isProtectedAuthenticationPath();
      if (!pad) {
        requireLength(candidate.info(), securityOfficerPin, "the security officer's PIN");
        requireLength(candidate.info(), userPin, "the PIN");
      }
      char[] officer = pad ? null : securityOfficerPin;
      if (!candidate.info().isTokenInitialized()) {
        initialize(library, candidate.token(), label, officer);
      }
      setUserPin(candidate.token(), officer, pad ? null : userPin);
    } finally {
      library.release();
    }
  }

  /** Whether the token that {@link #initialize} would take asks for its PINs itself. */
  public static boolean isAtPad(Pkcs11Uri uri) throws CustodyException {
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try {
      return candidate(library, uri, uri.token().orElse("")).info().isProtectedAuthenticationPath();
    } finally {
      library.release();
    }
  }

  private record Candidate(Token token, TokenInfo info) {}

  private static Candidate candidate(Pkcs11Library library, Pkcs11Uri uri, String label)
      throws CustodyException {
    Candidate blank = null;
    for (Slot slot : library.slots()) {
      Token token = slot.getToken();
      TokenInfo info = token == null ? null : Pkcs11Library.info(token).orElse(null);
      if (info == null) {
        continue;
      }
      if (!info.isTokenInitialized()) {
        blank =
            blank == null && Pkcs11Library.fitsBesideLabel(uri, token, info)
                ? new Candidate(token, info)
                : blank;
      } else if (info.getLabel().strip().equals(label)) {
        if (info.hasFlagBit(PKCS11Constants.CKF_USER_PIN_INITIALIZED)) {
          throw new CustodyException(CustodyFault.EXISTS, "token " + label + " exists");
        }
        return new Candidate(token, info);
      } else if (isThatOne(uri, token, info)) {
        throw new CustodyException(
            CustodyFault.EXISTS,
            "the token that the URI names is initialised, as " + info.getLabel().strip());
      }
    }
    if (blank == null) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE,
          "no blank token to initialise: plug one in, or have its maker's tool blank one");
    }
    return blank;
  }

  /** Whether the URI means this one token and no other. */
  private static boolean isThatOne(Pkcs11Uri uri, Token token, TokenInfo info) {
    return (uri.serial().isPresent() || uri.slotId().isPresent())
        && Pkcs11Library.fitsBesideLabel(uri, token, info);
  }

  static void requireLength(TokenInfo info, char[] pin, String what) throws CustodyException {
    if (pin.length < info.getMinPinLen() || pin.length > info.getMaxPinLen()) {
      throw new CustodyException(
          CustodyFault.PIN,
          what
              + " must have "
              + info.getMinPinLen()
              + " to "
              + info.getMaxPinLen()
              + " characters");
    }
  }

  private static void initialize(
      Pkcs11Library library, Token token, String label, char @Nullable [] securityOfficerPin)
      throws CustodyException {
    char[] padded = new char[LABEL_CHARS];
    Arrays.fill(padded, ' ');
    label.getChars(0, label.length(), padded, 0);
    try {
      library
          .module()
          .getPKCS11Module()
          .C_InitToken(token.getTokenID(), securityOfficerPin, padded, true);
    } catch (iaik.pkcs.pkcs11.wrapper.PKCS11Exception e) {
      throw fault("initialise token " + label, library.module().convertException(e));
    }
  }

  static void setUserPin(
      Token token, char @Nullable [] securityOfficerPin, char @Nullable [] userPin)
      throws CustodyException {
    try {
      Session session = token.openSession(true);
      try {
        session.login(PKCS11Constants.CKU_SO, securityOfficerPin);
        session.initPIN(userPin);
        session.logout();
      } finally {
        session.closeSession();
      }
    } catch (PKCS11Exception e) {
      throw fault("set the user's PIN", e);
    }
  }

  private static CustodyException fault(String what, PKCS11Exception cause) {
    return new CustodyException(
        Ckr.fault(cause.getErrorCode()).orElse(CustodyFault.INTERNAL),
        cause.getErrorCode(),
        "cannot " + what + ", " + cause.getErrorName(),
        cause);
  }
}
