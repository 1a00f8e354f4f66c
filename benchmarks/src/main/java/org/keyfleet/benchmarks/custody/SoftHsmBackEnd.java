package org.keyfleet.benchmarks.custody;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;

/** SoftHSM through PKCS#11. */
final class SoftHsmBackEnd implements BackEnd {
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib64/pkcs11/libsofthsm2.so");

  @Override
  public String name() {
    return "softhsm";
  }

  @Override
  public Map<String, String> start(Path work) throws IOException {
    Path tokens = Files.createDirectories(work.resolve("tokens"));
    Path configuration =
        Files.writeString(
            work.resolve("softhsm2.conf"),
            "directories.tokendir = "
                + tokens
                + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
    return Map.of("SOFTHSM2_CONF", configuration.toString());
  }

  @Override
  public CustodyConfig prepare(Path work, SecureRandom random) throws CustodyException {
    String library =
        PLACES.stream()
            .filter(place -> Files.isReadable(Path.of(place)))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no SoftHSM here: install softhsm2"));
    CustodyConfig config = new CustodyConfig.Pkcs11(Pkcs11Uri.ofToken(library, "bench"));
    CustodyFactory.initialize(config, PIN.toCharArray(), PIN.toCharArray(), random);
    return config;
  }
}
