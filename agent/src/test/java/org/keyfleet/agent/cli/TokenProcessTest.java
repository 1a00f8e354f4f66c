package org.keyfleet.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.testkit.AwkwardToken;
import org.keyfleet.hsm.testkit.SoftHsm;
import org.keyfleet.testkit.TestPki;

/** PINs from the environment, a terminal and a pad; a locked and a full token: real processes. */
class TokenProcessTest {
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
  void thePinComesFromTheEnvironmentAndGoesThere() throws Exception {
    device.with("\npin-file = \"pin\"\n", "\npin-env = \"DEVICE_PIN\"\n");
    device.with("security-officer-pin-file = \"pin\"", "");
    CommandProcess process =
        new CommandProcess(directory, Map.of("DEVICE_PIN", "123456", "NEXT_PIN", "7654321"));
    String changed = config(process, "token", "change-pin", "--new-pin-env", "NEXT_PIN").succeeds();
    assertTrue(changed.contains("set DEVICE_PIN to the new one"), changed);
    assertFalse(changed.contains("7654321"), changed);
    Device.Result old = config(process, "token", "info");
    old.fails(ExitCode.TOKEN, "is wrong");
    assertFalse(old.err().contains("123456"), old.err());
    config(new CommandProcess(directory, Map.of("DEVICE_PIN", "7654321")), "token", "info")
        .succeeds();
    config(new CommandProcess(directory, Map.of()), "token", "info")
        .fails(ExitCode.TOKEN, "environment variable DEVICE_PIN is unset or empty: set it");
  }

  @Test
  void atATerminalThePinIsAskedForAndTheNewOneTwice() throws Exception {
    device.with("\npin-file = \"pin\"\n", "\n");
    CommandProcess process = new CommandProcess(directory, Map.of());
    Device.Result differ = atTerminal(process, "123456\n7654321\n7654322\n", "change-pin");
    assertEquals(ExitCode.TOKEN.code(), differ.code(), differ.out());
    assertTrue(differ.out().contains("the two new PINs differ, nothing has changed"), differ.out());
    Device.Result changed = atTerminal(process, "123456\n7654321\n7654321\n", "change-pin");
    assertEquals(0, changed.code(), changed.out());
    assertTrue(changed.out().contains("PIN of token " + device.value("label") + ": "));
    assertEquals(0, atTerminal(process, "7654321\n", "selftest").code());
    assertEquals(ExitCode.USAGE.code(), atTerminal(process, "7654321\nsomething\n", "wipe").code());
    Device.Result wiped = atTerminal(process, "7654321\n" + device.value("label") + "\n", "wipe");
    assertTrue(wiped.out().contains("2 objects destroyed"), wiped.out());
    config(process, "token", "wipe").fails(ExitCode.TOKEN, "no PIN for token", "at a terminal");
  }

  @Test
  void aTokenWithAPadOfItsOwnGetsNoPinFromHere() throws Exception {
    awkward();
    device.with("\npin-file = \"pin\"\n", "\n");
    CommandProcess typed = process("pad", "AWKWARD_PIN", "123456", "AWKWARD_NEW_PIN", "7654321");
    String info = config(typed, "token", "info").succeeds();
    assertTrue(info.contains("the PIN is typed at the token's own pad"), info);
    config(typed, "token", "change-pin").succeeds();
    config(typed, "token", "info").fails(ExitCode.TOKEN, "is wrong");
    config(process("pad", "AWKWARD_PIN", "7654321"), "token", "selftest").succeeds();
  }

  @Test
  void aTokenWithAPadIsMadeThereAndUnlockedThere() throws Exception {
    awkward();
    device.with("\npin-file = \"pin\"\n", "\n");
    device.with("security-officer-pin-file = \"pin\"", "");
    device.with("label = \"" + device.value("label"), "label = \"pad-" + device.value("label"));
    CommandProcess typed = process("pad", "AWKWARD_PIN", "123456", "AWKWARD_SO_PIN", "87654321");
    String made = config(typed, "token", "init").succeeds();
    assertTrue(made.contains("the PIN is typed at the token's own pad"), made);
    config(typed, "token", "csr").succeeds();
    CommandProcess other = process("pad", "AWKWARD_PIN", "7654321", "AWKWARD_SO_PIN", "87654321");
    config(other, "token", "selftest").fails(ExitCode.TOKEN, "is wrong");
    config(other, "token", "unlock").succeeds();
    assertTrue(config(other, "token", "info").succeeds().contains("keyfleet-identity"));
    config(typed, "token", "selftest").fails(ExitCode.TOKEN, "is wrong");
  }

  @Test
  void theSecurityOfficerSetsThePin() throws Exception {
    device.secret("officer", "123456\n");
    device.secret("pin", "7654321\n");
    device.run("token", "info").fails(ExitCode.TOKEN, "is wrong");
    Path wrong = device.secret("wrong", "999999\n");
    device
        .run("token", "unlock", "--so-pin-file", wrong.toString())
        .fails(ExitCode.TOKEN, "cannot set the user's PIN");
    device
        .run("token", "unlock", "--so-pin-file", directory.resolve("officer").toString())
        .succeeds();
    assertTrue(device.run("token", "info").succeeds().contains("keyfleet-identity"));
  }

  @Test
  void aLockedPinAndALastTryAreNamed() throws Exception {
    awkward();
    CommandProcess locked = process("locked");
    for (String command : new String[] {"info", "csr"}) {
      config(locked, "token", command)
          .fails(ExitCode.TOKEN, "is locked: the security officer resets it");
    }
    Path wanted = device.secret("wanted", "7654321\n");
    config(locked, "token", "change-pin", "--new-pin-file", wanted.toString())
        .fails(ExitCode.TOKEN, "is locked: the security officer resets it");
    assertEquals("123456\n", Files.readString(directory.resolve("pin")));
    assertFalse(Files.exists(directory.resolve("pin.new")));
    assertTrue(config(locked, "token", "list").succeeds().contains("PIN locked"));
    CommandProcess last = process("last");
    config(last, "token", "info").fails(ExitCode.TOKEN, "has one try left");
    assertTrue(config(last, "token", "list").succeeds().contains("PIN set, one try left"));
  }

  @Test
  void aFullTokenKeepsWhatItHas() throws Exception {
    Path chain =
        Files.writeString(
            directory.resolve("new.pem"),
            TestPki.pem(
                device.pki.issue(Device.NAME, Device.publicKey(directory.resolve("csr.pem")))));
    device.run("token", "import-cert", chain.toString()).succeeds();
    awkward();
    CommandProcess full = process("full");
    config(full, "token", "import-cert", chain.toString())
        .fails(ExitCode.TOKEN, "CKR_DEVICE_MEMORY", "the token is full");
    String info = config(full, "token", "info").succeeds();
    assertTrue(info.contains("to change\n  nothing"), "the earlier certificate is there: " + info);
    config(full, "token", "wipe", "--yes", device.value("label")).succeeds();
    config(full, "token", "csr").fails(ExitCode.TOKEN, "the token is full");
    config(process("none"), "token", "csr").succeeds();
  }

  private void awkward() throws Exception {
    Path library = AwkwardToken.library(directory);
    device.with(device.value("library"), library.toString());
  }

  private CommandProcess process(String awkward, String... environment) {
    Map<String, String> all = new HashMap<>();
    all.put("AWKWARD", awkward);
    all.put("AWKWARD_LIBRARY", SoftHsm.library().orElseThrow().toString());
    for (int i = 0; i < environment.length; i += 2) {
      all.put(environment[i], environment[i + 1]);
    }
    return new CommandProcess(directory, all);
  }

  private Device.Result config(CommandProcess process, String... arguments) throws Exception {
    return process.run(withConfig(arguments));
  }

  private Device.Result atTerminal(CommandProcess process, String typed, String command)
      throws Exception {
    return process.runAtTerminal(typed, withConfig("token", command));
  }

  private String[] withConfig(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--config";
    all[arguments.length + 1] = device.config.toString();
    return all;
  }
}
