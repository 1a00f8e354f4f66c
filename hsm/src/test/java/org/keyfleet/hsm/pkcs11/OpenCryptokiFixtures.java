package org.keyfleet.hsm.pkcs11;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.testkit.OpenCryptoki;

/** The soft token of openCryptoki, empty; without its daemon it is gone at the next opening. */
final class OpenCryptokiFixtures {
  private OpenCryptokiFixtures() {}

  static CustodyConfig.Pkcs11 create(String pin, Path directory) throws Exception {
    Pkcs11Uri uri = OpenCryptoki.token(pin);
    if (EmptyToken.hasFailedPins(uri)) {
      OpenCryptoki.resetPin(pin);
    }
    EmptyToken.of(uri, pin);
    return new CustodyConfig.Pkcs11(uri, true, Optional.of(directory.resolve("keys")));
  }

  /** The library goes on without its daemon, so the sessions are closed too, as a reader does. */
  static void lose(CustodyConfig config) throws Exception {
    SoftHsmFixtures.closeAllSessions(((CustodyConfig.Pkcs11) config).uri());
    OpenCryptoki.kill();
  }

  static void giveBack() throws IOException {
    OpenCryptoki.start();
  }
}
