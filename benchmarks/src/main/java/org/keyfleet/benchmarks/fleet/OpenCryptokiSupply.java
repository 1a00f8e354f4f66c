package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.keyfleet.hsm.testkit.OpenCryptokiDaemon;

/** One daemon with a soft token for each device. */
final class OpenCryptokiSupply implements TokenSupply {
  /** openCryptoki takes 4 to 8. */
  private static final String DIGITS = "24681357";

  private final OpenCryptokiDaemon daemon;
  private int given;

  private OpenCryptokiSupply(OpenCryptokiDaemon daemon) {
    this.daemon = daemon;
  }

  static OpenCryptokiSupply start(Path directory) throws IOException {
    return new OpenCryptokiSupply(OpenCryptokiDaemon.start(directory, MOST_DEVICES));
  }

  @Override
  public DeviceToken token(String device, Path directory) throws IOException {
    daemon.initialize(given++, device, DIGITS, DIGITS);
    Path library = OpenCryptokiDaemon.library().orElseThrow();
    return new DeviceToken(SoftHsmSupply.pkcs11(library, device), DIGITS, Map.of());
  }

  @Override
  public void close() throws IOException {
    daemon.close();
  }
}
