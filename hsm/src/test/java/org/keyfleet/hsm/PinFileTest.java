package org.keyfleet.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk at each step of a PIN's replacement. */
final class PinFileTest {
  @TempDir Path directory = Path.of("");
  private Path file = Path.of("");
  private Path fresh = Path.of("");

  @BeforeEach
  void write() throws Exception {
    file = Files.writeString(directory.resolve("pin"), "old\n");
    fresh = directory.resolve("pin.new");
    rights("rw-r-----");
  }

  @Test
  void theNewPinIsThereBeforeTheTokenGetsItAndTheOldOneUntilThen() throws Exception {
    PinFile pin = new PinFile(file);
    assertFalse(pin.isPending());
    pin.stage("new".toCharArray());
    assertTrue(pin.isPending());
    assertEquals("old\n", Files.readString(file));
    assertEquals("new", String.valueOf(pin.pending().pin()));
    pin.commit();
    assertFalse(pin.isPending());
    assertEquals("new\n", Files.readString(file));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aPinThatTheTokenRefusedIsDropped() throws Exception {
    PinFile pin = new PinFile(file);
    pin.stage("new".toCharArray());
    pin.discard();
    assertFalse(Files.exists(fresh));
    assertEquals("old\n", Files.readString(file));
  }

  @Test
  void whatAnEarlierTryLeftIsReplaced() throws Exception {
    Files.writeString(fresh, "left behind by a crash, and longer\n");
    PinFile pin = new PinFile(file);
    pin.stage("new".toCharArray());
    pin.commit();
    assertEquals("new\n", Files.readString(file));
  }

  @Test
  void aReplacementThatAnotherProcessFinishedIsDone() throws Exception {
    PinFile pin = new PinFile(file);
    pin.stage("new".toCharArray());
    new PinFile(file).commit();
    pin.commit();
    assertEquals("new\n", Files.readString(file));
  }

  @Test
  void aLinkStaysOne() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    PinFile pin = new PinFile(link);
    pin.stage("new".toCharArray());
    pin.commit();
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new\n", Files.readString(file));
  }

  @Test
  void withoutTheFileNothingIsLeftBehind() throws Exception {
    Files.delete(file);
    PinFile pin = new PinFile(file);
    assertThrows(IOException.class, () -> pin.stage("new".toCharArray()));
    assertFalse(Files.exists(fresh));
  }

  private void rights(String text) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(text));
  }
}
