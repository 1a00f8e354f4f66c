package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** SoftHSM: a folder of tokens for each device, told by a configuration file. */
final class SoftHsmSupply implements TokenSupply {
  private static final String CONFIGURATION = "SOFTHSM2_CONF";

  /** Where Debian and its kin keep the library. */
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
          Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

  @Override
  public DeviceToken token(String device, Path directory) throws IOException {
    Path tokens = Files.createDirectories(directory.resolve("tokens"));
    Path file = directory.resolve("softhsm2.conf");
    Files.writeString(
        file,
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    return new DeviceToken(
        pkcs11(library(), device), PIN, Map.of(CONFIGURATION, file.toString()));
  }

  static String pkcs11(Path library, String label) {
    return "kind = \"pkcs11\"\nlibrary = \"" + library + "\"\nlabel = \"" + label + "\"";
  }

  static Path library() throws IOException {
    return PLACES.stream()
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new IOException("no libsofthsm2.so: apt-get install softhsm2"));
  }

  @Override
  public void close() {
    // nothing runs
  }
}
