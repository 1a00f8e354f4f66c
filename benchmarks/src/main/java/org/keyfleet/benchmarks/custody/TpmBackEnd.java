package org.keyfleet.benchmarks.custody;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.hsm.testkit.TpmSimulator;

/** A simulated TPM through tpm2-pkcs11, which roots a key file. */
final class TpmBackEnd implements BackEnd {
  private @Nullable TpmSimulator simulator;

  @Override
  public String name() {
    return "tpm";
  }

  @Override
  public Optional<String> missing() {
    return TpmSimulator.library().isPresent()
        ? Optional.empty()
        : Optional.of("tpm2-pkcs11 is not installed");
  }

  @Override
  public Map<String, String> start(Path work) throws IOException {
    TpmSimulator started = TpmSimulator.start(work.resolve("tpm"));
    simulator = started;
    return started.environment(Files.createDirectories(work.resolve("store")));
  }

  @Override
  public CustodyConfig prepare(Path work, SecureRandom random) throws CustodyException {
    String library = TpmSimulator.library().orElseThrow().toString();
    CustodyConfig config =
        new CustodyConfig.Pkcs11(
            Pkcs11Uri.ofToken(library, "bench"), true, Optional.of(work.resolve("keys")));
    CustodyFactory.initialize(config, PIN.toCharArray(), PIN.toCharArray(), random);
    return config;
  }

  @Override
  public void close() {
    if (simulator != null) {
      simulator.close();
    }
  }
}
