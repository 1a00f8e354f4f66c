package org.keyfleet.gcks.policy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** Whatever stands in the file, the answer is settings or one line. */
@Tag("fuzz")
class SettingsFuzzTest {
  @FuzzTest
  void anyTextIsReadOrRefused(byte[] input) {
    String toml = new String(input, java.nio.charset.StandardCharsets.UTF_8);
    try {
      SettingsReader.parse(Path.of("gcks.toml"), toml);
    } catch (SettingsException e) {
      if (String.valueOf(e.getMessage()).lines().count() != 1) {
        throw new AssertionError("not one line: " + e.getMessage());
      }
    }
  }
}
