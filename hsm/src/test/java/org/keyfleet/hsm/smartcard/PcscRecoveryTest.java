package org.keyfleet.hsm.smartcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;

/** What PC/SC does besides carrying commands: pcscd comes and goes, and the process stays. */
@Tag("interop")
final class PcscRecoveryTest {
  private static final String PIN = "4711-abc";
  private static final KeyName MAC = KeyName.of("mac");
  private static final Bytes MESSAGE = Bytes.ofUtf8("message");
  private static final int TRIES = 20;

  @Test
  void pcscdIsRestarted() throws Exception {
    CustodyConfig config = PcscFixtures.create(PIN);
    try (KeyCustody custody = CustodyFactory.of(config, new SecureRandom())) {
      custody.open(PIN.toCharArray());
      Bytes tag =
          custody.mac(custody.generateSecret(MAC, KeyRole.MAC, KeyLifetime.PERSISTENT), MESSAGE);

      VirtualReader.shared().stopPcscd();
      assertFalse(custody.alive());
      assertGone(custody, "pcscd does not answer");
      VirtualReader.shared().startPcscd();
      recover(custody);

      assertTrue(custody.alive());
      assertEquals(tag, custody.mac(custody.find(MAC).orElseThrow(), MESSAGE));
    }
  }

  /** An agent tries for as long as it takes: a try may not cost a file descriptor. */
  @Test
  void triesInVainLeakNothing() throws Exception {
    CustodyConfig config = PcscFixtures.create(PIN);
    try (KeyCustody custody = CustodyFactory.of(config, new SecureRandom())) {
      custody.open(PIN.toCharArray());
      VirtualReader.shared().pull();
      assertFalse(custody.alive());
      long before = openFiles();
      for (int i = 0; i < TRIES; i++) {
        assertGone(custody, "the reader is empty");
      }
      VirtualReader.shared().stopPcscd();
      for (int i = 0; i < TRIES; i++) {
        assertGone(custody, "pcscd does not answer");
      }
      assertTrue(openFiles() <= before, "more files are open than before");
      VirtualReader.shared().startPcscd();
      PcscFixtures.giveBack();
      recover(custody);
      assertTrue(custody.alive());
    }
  }

  @Test
  void readersAreToldApart() throws Exception {
    PcscFixtures.create(PIN);
    KeyCustody custody =
        CustodyFactory.of(
            new CustodyConfig.Card(new PcscReader("another reader"), true), new SecureRandom());
    CustodyException refused =
        assertThrows(CustodyException.class, () -> custody.open(PIN.toCharArray()));
    assertEquals(CustodyFault.TOKEN_GONE, refused.fault());
    assertTrue(String.valueOf(refused.getMessage()).contains("there is no such reader"));
  }

  private static void recover(KeyCustody custody) throws Exception {
    Patience.until(
        "the card is back",
        () -> {
          try {
            custody.recover(PIN.toCharArray());
            return true;
          } catch (CustodyException e) {
            assertEquals(CustodyFault.TOKEN_GONE, e.fault(), e.getMessage());
            return false;
          }
        });
  }

  private static void assertGone(KeyCustody custody, String why) {
    CustodyException refused =
        assertThrows(CustodyException.class, () -> custody.recover(PIN.toCharArray()));
    assertEquals(CustodyFault.TOKEN_GONE, refused.fault());
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains(why), text);
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
