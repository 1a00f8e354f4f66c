package org.keyfleet.hsm.soft;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.testkit.FaultContract;

final class SoftFaultContractTest extends FaultContract {
  @TempDir Path directory = Path.of("");

  @Override
  protected CustodyConfig newStore() throws Exception {
    return SoftFixtures.create(directory, PIN);
  }

  @Override
  protected void lose() throws Exception {
    SoftFixtures.lose(config);
  }

  @Override
  protected void giveBack() throws IOException {
    SoftFixtures.giveBack(config);
  }

  @Override
  protected boolean enforcesRoles() {
    return false;
  }
}
