package org.keyfleet.benchmarks.fleet;

import java.nio.file.Path;
import java.util.Map;

/** Encrypted files. */
final class KeyFileSupply implements TokenSupply {
  @Override
  public DeviceToken token(String device, Path directory) {
    return new DeviceToken(
        "kind = \"soft\"\nfile = \"keys.soft\"\nlabel = \"" + device + "\"", PIN, Map.of());
  }

  @Override
  public void close() {
    // nothing runs
  }
}
