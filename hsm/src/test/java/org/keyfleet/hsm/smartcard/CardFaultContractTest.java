package org.keyfleet.hsm.smartcard;

import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.testkit.FaultContract;

final class CardFaultContractTest extends FaultContract {
  @Override
  protected CustodyConfig newStore() throws CustodyException {
    return CardFixtures.create(PIN);
  }

  @Override
  protected void lose() {
    CardFixtures.reader(config).pull();
  }

  @Override
  protected void giveBack() {
    CardFixtures.reader(config).putBack();
  }

  @Override
  protected boolean enforcesRoles() {
    return true;
  }
}
