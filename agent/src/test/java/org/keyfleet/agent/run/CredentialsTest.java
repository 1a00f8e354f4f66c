package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @ParameterizedTest
  @CsvSource({"0x00ffAb, 00ffab", "secret, 736563726574", "0x, 3078"})
  void aSecretIsHexAfter0xAndElseAsItStands(String content, String hex) throws Exception {
    try (var secret = Credentials.secret(file(content + "\n", "rw-r-----"))) {
      assertEquals(hex, secret.<String>use(HexFormat.of()::formatHex));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0xabc", "0xzz00", "0x0canary0"})
  void badHexIsRefusedWithoutBeingShown(String content) throws Exception {
    Path file = file(content, "rw-------");
    StartException refused = assertThrows(StartException.class, () -> Credentials.secret(file));
    assertTrue(String.valueOf(refused.getMessage()).contains("hex digits"));
    assertFalse(String.valueOf(refused.getMessage()).contains(content.substring(2)));
  }

  @Test
  void aFileThatAllCanReadIsRefused() throws Exception {
    Path file = file("secret", "rw-r--r--");
    StartException refused = assertThrows(StartException.class, () -> Credentials.secret(file));
    assertTrue(String.valueOf(refused.getMessage()).contains("chmod o-rwx"));
  }

  private Path file(String content, String rights) throws Exception {
    Path file = Files.writeString(directory.resolve("psk"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }
}
