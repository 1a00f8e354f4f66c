package org.keyfleet.benchmarks.custody;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.smartcard.PcscReader;
import org.keyfleet.hsm.smartcard.VirtualPcscd;

/** The same applet in a process of its own, behind pcscd and a virtual reader. */
final class PcscCardBackEnd implements BackEnd {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private @Nullable VirtualPcscd pcscd;

  @Override
  public String name() {
    return "card-pcsc";
  }

  @Override
  public Optional<String> missing() {
    if (!Files.isReadable(Path.of("/usr/lib/pcsc/drivers/serial/libifdvpcd.so"))) {
      return Optional.of("pcscd with vsmartcard-vpcd is not installed");
    }
    return Root.missing("pcscd in namespaces of its own");
  }

  @Override
  public Map<String, String> start(Path work) throws IOException {
    VirtualPcscd started = VirtualPcscd.start(work.resolve("pcscd"));
    pcscd = started;
    return Map.of("PCSCLITE_CSOCK_NAME", started.socket().toString());
  }

  /** Asks until pcscd, which looks for cards a few times a second, has seen this one. */
  @Override
  public CustodyConfig prepare(Path work, SecureRandom random) throws CustodyException {
    CustodyConfig config = new CustodyConfig.Card(new PcscReader(VirtualPcscd.READER), true);
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        CustodyFactory.initialize(config, PIN.toCharArray(), PIN.toCharArray(), random);
        return config;
      } catch (CustodyException e) {
        if (e.fault() != CustodyFault.TOKEN_GONE || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(STEP_NANOS);
      }
    }
  }

  @Override
  public void close() {
    if (pcscd != null) {
      pcscd.close();
    }
  }
}
