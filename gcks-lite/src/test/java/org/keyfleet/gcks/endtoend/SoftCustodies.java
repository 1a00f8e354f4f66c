package org.keyfleet.gcks.endtoend;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;

/** Soft custodies for tests. */
final class SoftCustodies {
  private static final char[] PIN = {'1', '2', '3', '4', '5', '6'};

  private SoftCustodies() {}

  static KeyCustody open(Path directory) throws CustodyException {
    SecureRandom random = new SecureRandom();
    CustodyConfig config = new CustodyConfig.Soft(directory.resolve("custody.keys"));
    CustodyFactory.initialize(config, PIN.clone(), PIN.clone(), random);
    return reopen(directory);
  }

  /** What {@link #open} made, once more. */
  static KeyCustody reopen(Path directory) throws CustodyException {
    SecureRandom random = new SecureRandom();
    CustodyConfig config = new CustodyConfig.Soft(directory.resolve("custody.keys"));
    KeyCustody custody = CustodyFactory.of(config, random);
    custody.open(PIN.clone());
    return custody;
  }
}
