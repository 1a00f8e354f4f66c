package org.keyfleet.agent.config;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/**
 * Any text is a configuration, read as a parser for all of TOML reads it, or one line that says why
 * not.
 */
@Tag("fuzz")
class ConfigReaderFuzzTest {
  @FuzzTest
  void parse(FuzzedDataProvider data) throws Exception {
    String text =
        data.consumeBoolean()
            ? data.consumeRemainingAsString()
            : ConfigReaderTest.example() + data.consumeRemainingAsString();
    try {
      TomlReaderTest.assertSame(text);
      ConfigReader.parse("agent.toml", Path.of("."), text);
    } catch (ConfigException refused) {
      assertFalse(String.valueOf(refused.getMessage()).contains("\n"));
    }
  }
}
