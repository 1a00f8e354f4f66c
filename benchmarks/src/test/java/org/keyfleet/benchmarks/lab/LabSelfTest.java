package org.keyfleet.benchmarks.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laboratory's witnesses tell right from wrong before other tests believe them. */
@Tag("interop")
@Tag("one-jdk")
class LabSelfTest {
  @ParameterizedTest
  @ValueSource(strings = {"strongswan", "tshark"})
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void selfTestPasses(String laboratory) throws IOException, InterruptedException {
    Path script = lab().resolve(laboratory).resolve("selftest.sh");
    ProcessBuilder builder = new ProcessBuilder(script.toString()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String output;
    try {
      output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroy();
    }
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("ok "), output);
  }

  private static Path lab() throws IOException {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("benchmarks/lab"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IOException("no benchmarks/lab above " + Path.of("").toAbsolutePath());
      }
    }
    return directory.resolve("benchmarks/lab");
  }
}
