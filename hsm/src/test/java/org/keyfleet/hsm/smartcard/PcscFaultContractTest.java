package org.keyfleet.hsm.smartcard;

import org.junit.jupiter.api.Tag;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.testkit.FaultContract;

@Tag("interop")
final class PcscFaultContractTest extends FaultContract {
  @Override
  protected CustodyConfig newStore() throws Exception {
    return PcscFixtures.create(PIN);
  }

  @Override
  protected void lose() throws Exception {
    PcscFixtures.lose();
  }

  @Override
  protected void giveBack() throws Exception {
    PcscFixtures.giveBack();
  }

  @Override
  protected boolean enforcesRoles() {
    return true;
  }
}
