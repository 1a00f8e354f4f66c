package org.keyfleet.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PinSourceTest {
  @TempDir Path directory = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"pä55", "pä55\n", "pä55\r\n", "pä55\nmore\n"})
  void firstLineIsThePin(String content) throws Exception {
    assertEquals("pä55", String.valueOf(PinSource.file(write(content, "rw-r-----")).pin()));
  }

  @Test
  void eachCallGivesAFreshCopy() throws Exception {
    PinSource source = PinSource.file(write("1234", "rw-------"));
    source.pin()[0] = 'x';
    assertEquals("1234", String.valueOf(source.pin()));
  }

  @Test
  void fileThatAllCanReadIsRefused() throws Exception {
    assertRefused(PinSource.file(write("1234", "rw-r--r--")), "chmod");
  }

  @Test
  void emptyMissingAndEndlessFilesAreRefused() throws Exception {
    assertRefused(PinSource.file(write("\n1234", "rw-------")), "first line");
    assertRefused(PinSource.file(write("1".repeat(300), "rw-------")), "first line");
    assertRefused(PinSource.file(write("1".repeat(3000), "rw-------")), "too long");
    assertRefused(PinSource.file(directory.resolve("none")), "no PIN file");
  }

  @Test
  void unsetVariableIsRefused() {
    assertRefused(PinSource.environment("KEYFLEET_NO_SUCH_VARIABLE"), "unset");
  }

  private static void assertRefused(PinSource source, String text) {
    CustodyException refused = assertThrows(CustodyException.class, source::pin);
    assertEquals(CustodyFault.PIN, refused.fault());
    assertTrue(String.valueOf(refused.getMessage()).contains(text), refused.getMessage());
  }

  private Path write(String content, String permissions) throws Exception {
    Path file = directory.resolve("pin");
    Files.deleteIfExists(file);
    Files.writeString(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
