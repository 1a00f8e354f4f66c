package org.keyfleet.benchmarks.custody;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.smartcard.SimulatedReader;

/** Our applet in a simulated card within this process: no reader, no line. */
final class CardBackEnd implements BackEnd {
  @Override
  public String name() {
    return "card";
  }

  @Override
  public CustodyConfig prepare(Path work, SecureRandom random) throws CustodyException {
    CustodyConfig config = new CustodyConfig.Card(SimulatedReader.withBlankCard(), true);
    CustodyFactory.initialize(config, PIN.toCharArray(), PIN.toCharArray(), random);
    return config;
  }
}
