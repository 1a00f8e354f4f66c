package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunArgumentsTest {
  private static final Path OTHERWISE = Path.of("/etc/agent.toml");

  @Test
  void runAloneTakesTheDefault() {
    assertEquals(OTHERWISE, RunArguments.onlyConfig(new String[] {"run"}, OTHERWISE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"run --config a.toml", "run -c a.toml"})
  void runWithConfigTakesIt(String line) {
    assertEquals(Path.of("a.toml"), RunArguments.onlyConfig(line.split(" ", -1), OTHERWISE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "status",
        "run --help",
        "run --config",
        "run --config --help",
        "run --config=a.toml",
        "run --config a.toml more",
        "run --other a.toml"
      })
  void everythingElseIsForPicocli(String line) {
    assertNull(RunArguments.onlyConfig(line.split(" ", -1), OTHERWISE));
  }
}
