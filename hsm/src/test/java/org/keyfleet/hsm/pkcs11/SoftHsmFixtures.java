package org.keyfleet.hsm.pkcs11;

import java.nio.file.Files;
import java.nio.file.Path;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.testkit.SoftHsm;
import org.xipki.pkcs11.wrapper.Token;

/**
 * Tokens of SoftHSM, to be taken away and given back. SoftHSM keeps a lost directory in memory, so
 * taking away also closes all sessions, which is what a reader does when a card leaves it.
 */
final class SoftHsmFixtures {
  private SoftHsmFixtures() {}

  static CustodyConfig.Pkcs11 create(String pin) throws CustodyException {
    return new CustodyConfig.Pkcs11(SoftHsm.newToken("contract", pin.toCharArray()));
  }

  static void lose(CustodyConfig config) throws Exception {
    closeAllSessions(((CustodyConfig.Pkcs11) config).uri());
    Files.move(SoftHsm.tokens(), away());
    Files.createDirectory(SoftHsm.tokens());
  }

  static void giveBack() throws Exception {
    Files.delete(SoftHsm.tokens());
    Files.move(away(), SoftHsm.tokens());
  }

  static void closeAllSessions(Pkcs11Uri uri) throws Exception {
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try {
      Token token = library.token(uri);
      library.module().getPKCS11Module().C_CloseAllSessions(token.getTokenID());
    } finally {
      library.release();
    }
  }

  private static Path away() {
    return SoftHsm.tokens().resolveSibling("away");
  }
}
