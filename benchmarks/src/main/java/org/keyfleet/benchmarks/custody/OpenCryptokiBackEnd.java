package org.keyfleet.benchmarks.custody;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.hsm.testkit.OpenCryptokiDaemon;

/** A soft token of openCryptoki, which roots a key file. */
final class OpenCryptokiBackEnd implements BackEnd {
  private @Nullable OpenCryptokiDaemon daemon;

  @Override
  public String name() {
    return "opencryptoki";
  }

  @Override
  public Optional<String> missing() {
    if (OpenCryptokiDaemon.library().isEmpty()) {
      return Optional.of("openCryptoki is not installed");
    }
    return Root.missing("openCryptoki's daemon");
  }

  @Override
  public Map<String, String> start(Path work) throws IOException {
    OpenCryptokiDaemon started = OpenCryptokiDaemon.start(work.resolve("opencryptoki"), 1);
    daemon = started;
    started.initialize(0, "bench", PIN, PIN);
    return Map.of();
  }

  @Override
  public CustodyConfig prepare(Path work, SecureRandom random) {
    String library = OpenCryptokiDaemon.library().orElseThrow().toString();
    return new CustodyConfig.Pkcs11(
        Pkcs11Uri.ofToken(library, "bench"), true, Optional.of(work.resolve("keys")));
  }

  @Override
  public void close() throws IOException {
    if (daemon != null) {
      daemon.close();
    }
  }
}
