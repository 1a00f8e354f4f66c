package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;

/** The PIN and its file change together, wherever a crash cuts. */
class TokenPinChangeTest {
  private static final String OLD = "123456";
  private static final String NEW = "7654321";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private Device device;

  @BeforeEach
  void makeDevice() throws Exception {
    device = new Device(directory).made();
  }

  @Test
  void theFileGetsTheNewPin() throws Exception {
    changed().succeeds();
    assertEquals(NEW + "\n", Files.readString(directory.resolve("pin")));
    assertFalse(Files.exists(fresh()));
    device.run("token").succeeds();
    device.secret("old", OLD + "\n");
    device
        .run("token", "info", "--pin-file", directory.resolve("old").toString())
        .fails(ExitCode.TOKEN, "is wrong");
  }

  @Test
  void aWrongOldPinAndABadNewOneChangeNothing() throws Exception {
    device.secret("pin", "999999\n");
    Device.Result wrong = changed();
    wrong.fails(ExitCode.TOKEN, "the old PIN is wrong");
    assertFalse(wrong.err().contains("999999") || wrong.err().contains(NEW), wrong.err());
    assertUnchanged("999999\n");
    device.secret("pin", OLD + "\n");
    changedTo("abc").fails(ExitCode.TOKEN, "the new PIN must have 4 to 255 characters");
    changedTo(OLD).fails(ExitCode.TOKEN, "the new PIN is the old one: choose another");
    device.run("token", "change-pin").fails(ExitCode.TOKEN, "no PIN for token", "at a terminal");
    assertUnchanged(OLD + "\n");
    device.run("token").succeeds();
  }

  @Test
  void cutOffBeforeTheTokenChangedTheOldPinWorks() throws Exception {
    device.secret("pin.new", NEW + "\n");
    device.run("token").succeeds();
    changedTo("24681357").succeeds();
    assertEquals("24681357\n", Files.readString(directory.resolve("pin")));
    assertFalse(Files.exists(fresh()));
    device.run("token").succeeds();
  }

  @Test
  void cutOffAfterTheTokenChangedTheNewPinIsFound() throws Exception {
    device.secret("pin.new", NEW + "\n");
    tokenChanged();
    assertEquals(OLD + "\n", Files.readString(directory.resolve("pin")));
    device.run("token").succeeds();
    assertEquals(NEW + "\n", Files.readString(directory.resolve("pin")));
    assertFalse(Files.exists(fresh()));
  }

  @Test
  void cutOffAfterTheTokenChangedTheNextChangeGoesOnFromThere() throws Exception {
    device.secret("pin.new", NEW + "\n");
    tokenChanged();
    changedTo("24681357").succeeds();
    assertEquals("24681357\n", Files.readString(directory.resolve("pin")));
    device.run("token").succeeds();
  }

  @Test
  void whenNeitherPinIsRightBothFilesStay() throws Exception {
    device.secret("pin", "111111\n");
    device.secret("pin.new", "222222\n");
    changed().fails(ExitCode.TOKEN, "is wrong");
    assertEquals("111111\n", Files.readString(directory.resolve("pin")));
    assertTrue(Files.exists(fresh()));
  }

  private Device.Result changed() throws Exception {
    return changedTo(NEW);
  }

  private Device.Result changedTo(String pin) throws Exception {
    Path file = device.secret("wanted", pin + "\n");
    return device.run("token", "change-pin", "--new-pin-file", file.toString());
  }

  private void tokenChanged() throws Exception {
    Pkcs11Uri uri = Pkcs11Uri.ofToken(device.value("library"), device.value("label"));
    TokenAdmin.changePin(
        new CustodyConfig.Pkcs11(uri), OLD.toCharArray(), NEW.toCharArray(), new SecureRandom());
  }

  private void assertUnchanged(String pin) throws Exception {
    assertEquals(pin, Files.readString(directory.resolve("pin")));
    assertFalse(Files.exists(fresh()));
  }

  private Path fresh() {
    return directory.resolve("pin.new");
  }
}
