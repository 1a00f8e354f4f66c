package org.keyfleet.hsm.pkcs11;

import java.util.Set;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.xipki.pkcs11.wrapper.AttributeVector;

/** Empties a token that serves all tests, since making one takes long. */
final class EmptyToken {
  private EmptyToken() {}

  static void of(Pkcs11Uri uri, String pin) throws CustodyException {
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try (TokenSession token = TokenSession.open(library, uri, pin.toCharArray(), true)) {
      token.work(
          "empty the token",
          CustodyFault.INTERNAL,
          session -> {
            for (long handle : session.findAllObjectsSingle(new AttributeVector().token(true))) {
              session.destroyObject(handle);
            }
            return true;
          });
    } finally {
      library.release();
    }
  }

  /** Whether a wrong PIN was given since the last right one, as far as the token tells. */
  static boolean hasFailedPins(Pkcs11Uri uri) throws CustodyException {
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try {
      return Set.of(PinTries.FEW, PinTries.ONE, PinTries.NONE)
          .contains(PinTries.of(library.token(uri)));
    } finally {
      library.release();
    }
  }
}
