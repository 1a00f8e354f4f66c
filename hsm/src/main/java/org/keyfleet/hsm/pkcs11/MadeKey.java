package org.keyfleet.hsm.pkcs11;

import java.util.function.Predicate;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/** A key just made: it stays if the token describes it as it was asked for, and else it goes. */
final class MadeKey {
  /** Asks the token for the key's attributes. */
  interface Reading {
    ReadBack read() throws PKCS11Exception;
  }

  private MadeKey() {}

  /**
   * The handle of the key, which is destroyed if this throws.
   *
   * @throws CustodyException CUSTODY_VIOLATION if its attributes are others than asked
   */
  static long keptIf(
      Session session, long handle, String what, Reading reading, Predicate<ReadBack> asAsked)
      throws PKCS11Exception, CustodyException {
    boolean kept = false;
    try {
      ReadBack read = reading.read();
      kept = asAsked.test(read);
      if (!kept) {
        throw new CustodyException(
            CustodyFault.CUSTODY_VIOLATION,
            "the token made " + what + " with other attributes than asked: " + read.flags());
      }
      return handle;
    } finally {
      if (!kept) {
        destroy(session, handle, what);
      }
    }
  }

  /** What went wrong before is what the caller hears of. */
  private static void destroy(Session session, long handle, String what) {
    try {
      session.destroyObject(handle);
    } catch (PKCS11Exception e) {
      System.getLogger(MadeKey.class.getName())
          .log(System.Logger.Level.WARNING, "cannot destroy {0}: {1}", what, e.getErrorName());
    }
  }
}
