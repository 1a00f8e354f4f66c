package org.keyfleet.hsm.pkcs11;

import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.testkit.FaultContract;

final class SoftHsmFaultContractTest extends FaultContract {
  @Override
  protected CustodyConfig newStore() throws CustodyException {
    return SoftHsmFixtures.create(PIN);
  }

  @Override
  protected void lose() throws Exception {
    SoftHsmFixtures.lose(config);
  }

  @Override
  protected void giveBack() throws Exception {
    SoftHsmFixtures.giveBack();
  }

  @Override
  protected boolean enforcesRoles() {
    return true;
  }
}
