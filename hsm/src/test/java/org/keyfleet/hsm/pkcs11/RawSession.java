package org.keyfleet.hsm.pkcs11;

import org.keyfleet.hsm.CustodyException;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/** A token logged in, with no custody over it: what the library itself does. */
final class RawSession implements AutoCloseable {
  private final Pkcs11Library library;
  final TokenSession token;

  RawSession(Pkcs11Uri uri, String pin) throws CustodyException {
    library = Pkcs11Library.acquire(uri);
    token = TokenSession.open(library, uri, pin.toCharArray(), true);
  }

  /** A session that an error does not end. */
  Session session() throws PKCS11Exception {
    return token.token().openSession(true);
  }

  @Override
  public void close() {
    token.close();
    library.release();
  }
}
