package org.keyfleet.hsm.pkcs11;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.testkit.CustodyContract;

final class TpmCustodyContractTest extends CustodyContract {
  @TempDir Path directory = Path.of("");

  @Override
  protected CustodyConfig newStore() throws Exception {
    return TpmFixtures.create(PIN, directory);
  }

  @Override
  protected void lose() {
    TpmFixtures.lose();
  }

  @Override
  protected void giveBack() throws IOException {
    TpmFixtures.giveBack();
  }

  @Override
  protected boolean enforcesRoles() {
    return false;
  }
}
