package org.keyfleet.hsm.soft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyFactory;

/** A key file in a directory of its own, to be moved away and back. */
final class SoftFixtures {
  private SoftFixtures() {}

  static CustodyConfig.Soft create(Path directory, String pin) throws Exception {
    CustodyConfig.Soft config = new CustodyConfig.Soft(directory.resolve("keys"));
    CustodyFactory.initialize(config, pin.toCharArray(), new char[0], new SecureRandom());
    return config;
  }

  /** Moves the file away, and waits until that is noticed. */
  static void lose(CustodyConfig config) throws IOException, InterruptedException {
    Path file = ((CustodyConfig.Soft) config).file();
    Files.move(file, file.resolveSibling("away"));
    Thread.sleep(SoftStore.LOOK_MILLIS + 1);
  }

  static void giveBack(CustodyConfig config) throws IOException {
    Path file = ((CustodyConfig.Soft) config).file();
    Files.move(file.resolveSibling("away"), file);
  }
}
