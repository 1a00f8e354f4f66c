package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.testkit.CustodyFixture;
import org.keyfleet.protocol.octets.Bytes;

/** What binds a key file to its token, on each token that has one. */
abstract class RootedFileContract extends CustodyFixture {
  private static final String CANARY = "canary-0123456789abcdef-canary-0";

  @Override
  protected final boolean enforcesRoles() {
    return false;
  }

  private Path file() {
    return ((CustodyConfig.Pkcs11) config).keyFile().orElseThrow();
  }

  @Test
  void levelAndItsReasonAreSaid() {
    Capabilities found = custody.capabilities();
    assertEquals(CustodyLevel.TOKEN_ROOTED, found.level());
    assertTrue(found.notes().getOrDefault("root", "").contains("opens the key file"));
    assertTrue(found.notes().keySet().stream().anyMatch(note -> note.startsWith("quirk ")));
  }

  @Test
  void fileShowsNoKeyAndNoName() throws Exception {
    importRoot(Bytes.ofUtf8(CANARY));
    String content = Files.readString(file(), StandardCharsets.ISO_8859_1);
    assertFalse(content.contains("canary"));
    assertFalse(content.contains(ROOT.label()));
  }

  @Test
  void damagedFileDoesNotOpen() throws Exception {
    importRoot(randomKey(32));
    custody.close();
    byte[] whole = Files.readAllBytes(file());
    int salt = 10;
    int nonce = 45;
    for (int at : new int[] {salt, nonce, 60, whole.length - 1}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(file(), damaged);
      assertFault(CustodyFault.CUSTODY_VIOLATION, this::open);
    }
    Files.write(file(), new byte[] {'K', 'F'});
    assertFault(CustodyFault.INTERNAL, this::open);
    Files.write(file(), whole);
    open();
    assertTrue(custody.find(ROOT).isPresent());
  }

  /** A file that the PIN alone opens is none of the token's, whoever put it there. */
  @Test
  void fileSealedUnderAPinIsRefused() throws Exception {
    custody.close();
    Files.delete(file());
    CustodyFactory.initialize(
        new CustodyConfig.Soft(file()), PIN.toCharArray(), new char[0], random);
    assertFault(CustodyFault.INTERNAL, this::open);
  }

  @Test
  void fileOfAnotherRootKeyDoesNotOpen() throws Exception {
    importRoot(randomKey(32));
    custody.close();
    Path kept = file().resolveSibling("kept");
    Files.move(file(), kept);
    EmptyToken.of(((CustodyConfig.Pkcs11) config).uri(), PIN);
    open();
    custody.close();
    Files.move(kept, file(), StandardCopyOption.REPLACE_EXISTING);
    assertFault(CustodyFault.CUSTODY_VIOLATION, this::open);
  }

  @Test
  void oneHalfWithoutTheOtherIsALoss() throws Exception {
    custody.close();
    Path away = file().resolveSibling("away");
    Files.move(file(), away);
    CustodyException noFile = assertFault(CustodyFault.TOKEN_GONE, this::open);
    assertTrue(noFile.toString().contains("no key file"), noFile.toString());
    Files.move(away, file());
    open();
    custody.close();
    EmptyToken.of(((CustodyConfig.Pkcs11) config).uri(), PIN);
    CustodyException noRoot = assertFault(CustodyFault.TOKEN_GONE, this::open);
    assertTrue(noRoot.toString().contains("another token"), noRoot.toString());
  }

  /** A power cut after the root key and before the file. */
  @Test
  void firstStartThatWasCutOffGoesOn() throws Exception {
    custody.close();
    Files.delete(file());
    Files.createFile(file().resolveSibling(file().getFileName() + ".begun"));
    open();
    assertTrue(Files.exists(file()));
    assertFalse(Files.exists(file().resolveSibling(file().getFileName() + ".begun")));
    assertEquals(0, custody.inventory().size());
  }

  @Test
  void secondKeyOfTheRootsNameIsAViolation() throws Exception {
    custody.close();
    try (RawSession raw = new RawSession(((CustodyConfig.Pkcs11) config).uri(), PIN)) {
      RootKey.make(raw.token, random);
    } catch (CustodyException two) {
      assertEquals(CustodyFault.CUSTODY_VIOLATION, two.fault());
    }
    assertFault(CustodyFault.CUSTODY_VIOLATION, this::open);
  }

  /** Nothing to unwrap with, and said so, where no place for a key file was given. */
  @Test
  void withoutAKeyFileTheTokenHasIdentitiesOnly() throws Exception {
    custody.close();
    CustodyConfig.Pkcs11 pkcs11 = (CustodyConfig.Pkcs11) config;
    try (KeyCustody bare =
        CustodyFactory.of(new CustodyConfig.Pkcs11(pkcs11.uri(), true), random)) {
      Capabilities found = bare.open(PIN.toCharArray());
      assertEquals(CustodyLevel.TOKEN_ROOTED, found.level());
      assertEquals(0, found.maxWrappedOctets());
      if (found.macs()) {
        KeyRef mac = bare.generateSecret(MAC, KeyRole.MAC, KeyLifetime.SESSION);
        assertEquals(32, bare.mac(mac, Bytes.of(1)).size());
      } else {
        assertFault(
            CustodyFault.UNSUPPORTED,
            () -> bare.generateSecret(MAC, KeyRole.MAC, KeyLifetime.SESSION));
      }
    }
  }

  private void open() throws CustodyException {
    custody.open(PIN.toCharArray());
  }
}
