package org.keyfleet.hsm.soft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** The key file on disk: what is in it, what damage does, what a crash leaves. */
final class SoftFileTest {
  private static final String PIN = "passphrase";
  private static final KeyName ROOT = KeyName.of("root");
  private static final String CANARY = "canary-0123456789abcdef-canary-0";

  @TempDir Path directory = Path.of("");
  private Path file = Path.of("");
  private CustodyConfig config = new CustodyConfig.Soft(file);

  @BeforeEach
  void create() throws Exception {
    config = SoftFixtures.create(directory, PIN);
    file = directory.resolve("keys");
    try (KeyCustody custody = opened();
        SecretBytes key = SecretBytes.takeFrom(CANARY.getBytes(StandardCharsets.US_ASCII))) {
      custody.importRoot(ROOT, key, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    }
  }

  @Test
  void fileIsTheOwnersAndShowsNoKeyAndNoName() throws Exception {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String content = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertFalse(content.contains("canary"));
    assertFalse(content.contains("root"));
    assertFalse(content.contains(PIN));
  }

  @Test
  void anotherPinSealsTheSameKeysAndTheOldOneOpensNothing() throws Exception {
    Bytes before = Bytes.copyOf(Files.readAllBytes(file));
    Bytes check;
    try (KeyCustody custody = opened()) {
      check = custody.checkValue(custody.find(ROOT).orElseThrow());
    }
    SecureRandom random = new SecureRandom();
    assertThrows(
        CustodyException.class,
        () -> TokenAdmin.changePin(config, "wrong".toCharArray(), "other".toCharArray(), random));
    assertEquals(before, Bytes.copyOf(Files.readAllBytes(file)), "a wrong PIN writes nothing");

    TokenAdmin.changePin(config, PIN.toCharArray(), "other".toCharArray(), random);

    Bytes after = Bytes.copyOf(Files.readAllBytes(file));
    assertNotEquals(parse(before.toArray()).sealHeader(), parse(after.toArray()).sealHeader());
    CustodyException old = assertThrows(CustodyException.class, () -> opened().close());
    assertEquals(CustodyFault.PIN, old.fault());
    try (KeyCustody custody = CustodyFactory.of(config, random)) {
      custody.open("other".toCharArray());
      assertEquals(check, custody.checkValue(custody.find(ROOT).orElseThrow()));
    }
  }

  @Test
  void everyDamagedOctetAndTruncationIsRefused() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    SealedStore sealed = parse(whole);
    try (SecretBytes key = sealed.key()) {
      sealed.open(key).close();
      for (int at = 0; at < whole.length; at++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= 0x01;
        assertRefused(damaged, key);
        assertRefused(Arrays.copyOf(whole, at), key);
      }
    }
  }

  @Test
  void damagedFileDoesNotOpen() throws Exception {
    byte[] damaged = Files.readAllBytes(file);
    damaged[damaged.length - 1] ^= 1;
    Files.write(file, damaged);
    CustodyException refused = assertThrows(CustodyException.class, () -> opened().close());
    assertEquals(CustodyFault.PIN, refused.fault());
    Files.write(file, new byte[0]);
    refused = assertThrows(CustodyException.class, () -> opened().close());
    assertEquals(CustodyFault.INTERNAL, refused.fault());
  }

  @Test
  void hostileParametersTakeNoMemory() throws Exception {
    byte[] hostile = Files.readAllBytes(file);
    hostile[8] = (byte) 0xff; // memory: 4 TiB
    Files.write(file, hostile);
    CustodyException refused = assertThrows(CustodyException.class, () -> opened().close());
    assertTrue(refused.toString().contains("out of bounds"), refused.getMessage());
    Files.write(file, new byte[SoftFile.MAX_OCTETS + 1]);
    assertThrows(CustodyException.class, () -> opened().close());
  }

  @Test
  void leftoverOfACrashedWriteDoesNotMatter() throws Exception {
    Files.writeString(directory.resolve("keys.new"), "half");
    try (KeyCustody custody = opened()) {
      custody.generateSecret(KeyName.of("mac"), KeyRole.MAC, KeyLifetime.PERSISTENT);
    }
    try (KeyCustody custody = opened()) {
      assertEquals(2, custody.inventory().size());
    }
    assertFalse(Files.exists(directory.resolve("keys.new")));
  }

  @Test
  void unwritableDirectoryLosesNothing() throws Exception {
    try (KeyCustody custody = opened()) {
      Files.createDirectory(directory.resolve("keys.new"));
      Files.createFile(directory.resolve("keys.new").resolve("in-the-way"));
      KeyName name = KeyName.of("mac");
      CustodyException failed =
          assertThrows(
              CustodyException.class,
              () -> custody.generateSecret(name, KeyRole.MAC, KeyLifetime.PERSISTENT));
      assertEquals(CustodyFault.TOKEN_GONE, failed.fault());
      assertTrue(custody.find(name).isEmpty());
      assertThrows(CustodyException.class, () -> custody.retainPersistent(Set.of()));
      assertTrue(custody.find(ROOT).isPresent());
    }
  }

  @Test
  void eachWriteHasItsOwnNonce() throws Exception {
    Bytes before = parse(Files.readAllBytes(file)).nonce();
    try (KeyCustody custody = opened()) {
      custody.generateSecret(KeyName.of("mac"), KeyRole.MAC, KeyLifetime.PERSISTENT);
    }
    Bytes after = parse(Files.readAllBytes(file)).nonce();
    assertFalse(before.equals(after));
  }

  @Test
  void existingFileIsNotReplaced() {
    CustodyException refused =
        assertThrows(CustodyException.class, () -> SoftFixtures.create(directory, "other"));
    assertEquals(CustodyFault.EXISTS, refused.fault());
  }

  /** What is read before the lock may not be what is there when it is written back. */
  @Test
  void nothingIsReadOrMadeWhileAnotherProcessHoldsTheFile() throws Exception {
    try (FileChannel other =
        FileChannel.open(
            directory.resolve("keys.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock();
      Files.write(file, new byte[] {1, 2, 3});
      CustodyException refused = assertThrows(CustodyException.class, () -> opened().close());
      assertEquals(CustodyFault.TOKEN_GONE, refused.fault(), refused.getMessage());
      Files.delete(file);
      refused = assertThrows(CustodyException.class, () -> SoftFixtures.create(directory, "other"));
      assertEquals(CustodyFault.TOKEN_GONE, refused.fault(), refused.getMessage());
      assertFalse(Files.exists(file));
    }
    SoftFixtures.create(directory, PIN);
    opened().close();
  }

  private static void assertRefused(byte[] content, SecretBytes key) {
    assertThrows(CustodyException.class, () -> parse(content).open(key).close());
  }

  private static SealedStore parse(byte[] content) throws CustodyException {
    PinSeal seal = new PinSeal(PIN.toCharArray(), new SecureRandom());
    return SealedStore.parse(Bytes.copyOf(content), seal);
  }

  private KeyCustody opened() throws CustodyException {
    KeyCustody custody = CustodyFactory.of(config, new SecureRandom());
    custody.open(PIN.toCharArray());
    return custody;
  }
}
