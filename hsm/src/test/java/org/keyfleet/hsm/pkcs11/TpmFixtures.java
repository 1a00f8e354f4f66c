package org.keyfleet.hsm.pkcs11;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.testkit.Swtpm;

/** The TPM with an empty token; it is gone while its broker is. */
public final class TpmFixtures {
  private TpmFixtures() {}

  /** The configuration of the token, its key file in {@code directory}. */
  public static CustodyConfig.Pkcs11 create(String pin, Path directory) throws Exception {
    Pkcs11Uri uri = Swtpm.token(pin.toCharArray());
    Swtpm.clearLockout();
    EmptyToken.of(uri, pin);
    return new CustodyConfig.Pkcs11(uri, true, Optional.of(directory.resolve("keys")));
  }

  static void lose() {
    Swtpm.stopBroker();
  }

  static void giveBack() throws IOException {
    Swtpm.startBroker();
  }
}
