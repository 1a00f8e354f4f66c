package org.keyfleet.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyfleet.benchmarks.fleet.SecretSearch.Secret;
import org.keyfleet.protocol.octets.Bytes;

/** In a process that was given one of two secrets, that one is found. */
class ProcessMemoryTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void findsWhatTheProcessHas() throws Exception {
    String given = text();
    SecretSearch search =
        new SecretSearch(
            List.of(
                new Secret("given", Bytes.ofUtf8(given)),
                new Secret("kept", Bytes.ofUtf8(text()))));
    ProcessBuilder builder = new ProcessBuilder("cat");
    builder.environment().put("SECRET", given);
    Process process = builder.start();
    try {
      awaitEcho(process);
      long unread = new ProcessMemory(process.pid()).show(search);
      assertEquals(32, search.octetsFound("given"));
      assertEquals(0, search.octetsFound("kept"));
      assertTrue(
          search.octetsSearched() > 100_000 && unread < search.octetsSearched(),
          search.octetsSearched() + " octets read, " + unread + " not");
    } finally {
      process.destroyForcibly();
    }
  }

  /** Until then the process may still be a copy of ours. */
  private static void awaitEcho(Process cat) throws IOException {
    cat.getOutputStream().write('!');
    cat.getOutputStream().flush();
    assertEquals('!', cat.getInputStream().read());
  }

  private String text() {
    byte[] octets = new byte[16];
    random.nextBytes(octets);
    return HexFormat.of().formatHex(octets);
  }
}
