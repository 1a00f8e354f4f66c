package org.keyfleet.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.protocol.octets.Bytes;

class PinMarkTest {
  private static final FileTime THEN = FileTime.fromMillis(1_700_000_000_000L);

  @TempDir Path directory = Path.of("");

  @Test
  void contentTimeAndPresenceChangeTheMark() throws Exception {
    Path file = Files.writeString(directory.resolve("pin"), "1234\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setLastModifiedTime(file, THEN);
    PinMark mark = new PinMark(file, new SecureRandom());
    Bytes first = mark.now();
    assertEquals(first, mark.now());
    Files.writeString(file, "1235\n");
    Files.setLastModifiedTime(file, THEN);
    Bytes otherContent = mark.now();
    assertNotEquals(first, otherContent);
    Files.setLastModifiedTime(file, FileTime.fromMillis(THEN.toMillis() + 1));
    Bytes otherTime = mark.now();
    assertNotEquals(otherContent, otherTime);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertNotEquals(otherTime, mark.now());
    Files.delete(file);
    assertNotEquals(otherContent, mark.now());
    assertEquals(mark.now(), mark.now());
  }

  @Test
  void marksOfTwoProcessesDoNotCompare() throws Exception {
    Path file = Files.writeString(directory.resolve("pin"), "1234\n");
    assertNotEquals(
        new PinMark(file, new SecureRandom()).now(), new PinMark(file, new SecureRandom()).now());
  }
}
