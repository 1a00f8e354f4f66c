package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.keyfleet.hsm.testkit.TpmSimulator;

/** One TPM, in which each device has a token with a database of its own. */
final class TpmSupply implements TokenSupply {
  private final TpmSimulator simulator;
  private final Path library;

  private TpmSupply(TpmSimulator simulator, Path library) {
    this.simulator = simulator;
    this.library = library;
  }

  static TpmSupply start(Path directory) throws IOException {
    Path library =
        TpmSimulator.library()
            .orElseThrow(() -> new IOException("no tpm2-pkcs11: apt-get install libtpm2-pkcs11-1"));
    return new TpmSupply(TpmSimulator.start(directory), library);
  }

  @Override
  public DeviceToken token(String device, Path directory) throws IOException {
    Path store = Files.createDirectories(directory.resolve("tpm"));
    return new DeviceToken(
        SoftHsmSupply.pkcs11(library, device), PIN, simulator.environment(store));
  }

  @Override
  public void close() {
    simulator.close();
  }
}
