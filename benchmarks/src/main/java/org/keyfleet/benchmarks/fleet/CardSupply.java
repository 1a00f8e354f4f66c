package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.keyfleet.hsm.smartcard.VirtualPcscd;

/** A pcscd for each device, with a virtual reader and a blank card in it. */
final class CardSupply implements TokenSupply {
  private final Path directory;
  private final List<VirtualPcscd> running = new ArrayList<>();

  CardSupply(Path directory) {
    this.directory = directory;
  }

  @Override
  public DeviceToken token(String device, Path ownDirectory) throws IOException {
    VirtualPcscd pcscd = VirtualPcscd.start(directory.resolve(String.valueOf(running.size())));
    running.add(pcscd);
    return new DeviceToken(
        "kind = \"card\"\nreader = \"" + VirtualPcscd.READER + "\"",
        PIN,
        Map.of("PCSCLITE_CSOCK_NAME", pcscd.socket().toString()));
  }

  @Override
  public void close() {
    running.forEach(VirtualPcscd::close);
  }
}
