package org.keyfleet.hsm.smartcard;

import org.keyfleet.hsm.CustodyConfig;

final class CardRekeyGateTest extends RekeyGateChecks {
  @Override
  CustodyConfig.Card newCard() throws Exception {
    return CardFixtures.create(PIN);
  }
}
