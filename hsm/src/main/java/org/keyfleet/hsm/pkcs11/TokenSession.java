package org.keyfleet.hsm.pkcs11;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;

/**
 * The login at a token and its two sessions. The keeper owns the session keys and lives long: it
 * makes only calls that begin and end in one function. The worker makes the calls of several
 * functions (find, sign) and holds what must not stay (a released key); after any error it is
 * closed, which destroys what it held and ends an operation that hangs.
 */
final class TokenSession implements AutoCloseable {
  /** One use of a session. */
  interface Call<T> {
    T in(Session session) throws PKCS11Exception, CustodyException;
  }

  private static final String FULL =
      ": the token is full, remove from it what is not needed any more";

  private final Pkcs11Library library;
  private final int generation;
  private final Token token;
  private final Session keeper;
  private @Nullable Session worker;
  private @Nullable Call<Boolean> ping;
  private boolean lost;

  private TokenSession(Pkcs11Library library, Token token, Session keeper) {
    this.library = library;
    this.generation = library.generation();
    this.token = token;
    this.keeper = keeper;
  }

  /**
   * Logs in.
   *
   * @param lastPinTry whether to log in also when a wrong PIN would lock the token
   */
  static TokenSession open(Pkcs11Library library, Pkcs11Uri uri, char[] pin, boolean lastPinTry)
      throws CustodyException {
    Token token = library.token(uri);
    PinTries.of(token).require(name(uri), library.quirks(), lastPinTry);
    library.claim(token);
    try {
      Session keeper = token.openSession(true);
      try {
        boolean pad = token.getTokenInfo().isProtectedAuthenticationPath();
        keeper.login(PKCS11Constants.CKU_USER, pad ? null : pin);
      } catch (PKCS11Exception e) {
        keeper.closeSession();
        throw e;
      }
      return new TokenSession(library, token, keeper);
    } catch (PKCS11Exception e) {
      library.unclaim(token);
      CustodyFault fault = Ckr.fault(e.getErrorCode()).orElse(CustodyFault.TOKEN_GONE);
      String text =
          openText(fault, uri, library.quirks()) + (fault == CustodyFault.PIN ? left(token) : "");
      throw new CustodyException(fault, e.getErrorCode(), text, e);
    }
  }

  Token token() {
    return token;
  }

  Set<Quirk> quirks() throws CustodyException {
    return library.quirks();
  }

  /**
   * Calls on the long-lived session.
   *
   * @param unclear the fault if the token's answer does not say and the token is alive
   */
  <T> T keep(String what, CustodyFault unclear, Call<T> call) throws CustodyException {
    requireThere();
    try {
      return call.in(keeper);
    } catch (PKCS11Exception e) {
      throw fault(what, unclear, e);
    }
  }

  /** Calls on the short-lived session, which any error ends. */
  <T> T work(String what, CustodyFault unclear, Call<T> call) throws CustodyException {
    requireThere();
    try {
      return call.in(worker());
    } catch (PKCS11Exception e) {
      discardWorker();
      throw fault(what, unclear, e);
    } catch (CustodyException e) {
      discardWorker();
      throw e;
    }
  }

  /**
   * Sets what {@link #alive} asks beside the token's description: a use of a key whose answer is
   * known, because some libraries describe a token that is long gone.
   */
  void setPing(Call<Boolean> ping) {
    this.ping = ping;
  }

  /** Whether the token is there, the login holds and a known key still works. */
  boolean alive() {
    if (lost || generation != library.generation()) {
      return false;
    }
    try {
      token.getTokenInfo();
      return keeper.getSessionInfo().getState() == PKCS11Constants.CKS_RW_USER_FUNCTIONS
          && (ping == null || ping.in(worker()));
    } catch (PKCS11Exception | CustodyException e) {
      discardWorker();
      return false;
    }
  }

  @Override
  public void close() {
    lost = true;
    if (generation != library.generation()) {
      return; // the sessions died with their initialisation
    }
    discardWorker();
    closeQuietly(keeper);
    library.unclaim(token);
  }

  private void requireThere() throws CustodyException {
    if (lost || generation != library.generation()) {
      lost = true;
      throw new CustodyException(CustodyFault.TOKEN_GONE, "the token is gone: recover");
    }
  }

  private CustodyException fault(String what, CustodyFault unclear, PKCS11Exception cause) {
    CustodyFault fault = Ckr.fault(cause.getErrorCode()).orElse(unclear);
    if (!alive()) {
      fault = CustodyFault.TOKEN_GONE;
    }
    lost |= fault == CustodyFault.TOKEN_GONE;
    String text = "cannot " + what + ", " + cause.getErrorName();
    return new CustodyException(
        fault, cause.getErrorCode(), fault == CustodyFault.TOKEN_FULL ? text + FULL : text, cause);
  }

  private Session worker() throws PKCS11Exception {
    if (worker == null) {
      worker = token.openSession(true);
    }
    return worker;
  }

  private void discardWorker() {
    if (worker != null) {
      closeQuietly(worker);
      worker = null;
    }
  }

  private static void closeQuietly(Session session) {
    try {
      session.closeSession();
    } catch (PKCS11Exception e) {
      System.getLogger(TokenSession.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a session: {0}", e.getErrorName());
    }
  }

  private static String openText(CustodyFault fault, Pkcs11Uri uri, Set<Quirk> quirks) {
    return switch (fault) {
      case PIN ->
          "the PIN of token "
              + name(uri)
              + " is wrong: correct it first, tokens lock after a few wrong ones";
      case PIN_LOCKED -> PinTries.locked(name(uri), quirks);
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
          "cannot open token " + name(uri);
    };
  }

  private static String name(Pkcs11Uri uri) {
    return uri.token().orElse(uri.toString());
  }

  private static String left(Token token) {
    try {
      return PinTries.of(token).remark();
    } catch (CustodyException e) {
      return "";
    }
  }
}
