package org.keyfleet.hsm.smartcard;

import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;

/** Cards in this process. */
final class CardFixtures {
  static final String PUK = "87654321";

  private CardFixtures() {}

  static CustodyConfig.Card create(String pin) throws CustodyException {
    CustodyConfig.Card config = new CustodyConfig.Card(SimulatedReader.withBlankCard(), true);
    CustodyFactory.initialize(config, pin.toCharArray(), PUK.toCharArray(), new SecureRandom());
    return config;
  }

  static SimulatedReader reader(CustodyConfig config) {
    return (SimulatedReader) ((CustodyConfig.Card) config).reader();
  }
}
