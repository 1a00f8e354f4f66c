package org.keyfleet.benchmarks.custody;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;

/** The key file: everything in this process. */
final class SoftBackEnd implements BackEnd {
  @Override
  public String name() {
    return "soft";
  }

  @Override
  public CustodyConfig prepare(Path work, SecureRandom random) throws CustodyException {
    CustodyConfig config = new CustodyConfig.Soft(work.resolve("keys.soft"));
    CustodyFactory.initialize(config, PIN.toCharArray(), new char[0], random);
    return config;
  }
}
