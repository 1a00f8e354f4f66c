package org.keyfleet.hsm.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** What every back end does when things go wrong: PINs, stale references, crashes, threads. */
@ExtendWith(CheckMatrix.class)
public abstract class FaultContract extends CustodyFixture {
  private static final Bytes MESSAGE = Bytes.ofUtf8("message");
  private static final String WRONG_PIN = "9999-xyz";
  private static final int MANY_PINS = 12;
  private static final int KEYS_BEFORE_KILL = 3;

  @Test
  void wrongPinSpoilsNothing() throws Exception {
    importRoot(randomKey(32));
    custody.close();
    assertFault(CustodyFault.PIN, () -> openWith(WRONG_PIN));
    openWith(PIN);
    assertTrue(custody.find(ROOT).isPresent());
  }

  /** A locked PIN is told from a wrong one, and the right one does not open then. */
  @Test
  void wrongPinsLock() throws Exception {
    custody.close();
    CustodyFault answer = CustodyFault.PIN;
    for (int i = 0; i < MANY_PINS && answer == CustodyFault.PIN; i++) {
      answer = assertThrows(CustodyException.class, () -> openWith(WRONG_PIN)).fault();
    }
    if (answer == CustodyFault.PIN) {
      openWith(PIN);
      notOffered("any number of PINs may be tried");
      return;
    }
    assertEquals(CustodyFault.PIN_LOCKED, answer);
    assertFault(CustodyFault.PIN_LOCKED, () -> openWith(PIN));
  }

  @Test
  void referencesEndWithTheirOpening() throws Exception {
    Bytes kek = randomKey(32);
    KeyRef root = importRoot(kek);
    KeyRef mac = importKey(MAC, kek, KeyRole.MAC, KeyLifetime.PERSISTENT);
    KeyRef releaser = importKey(RELEASER, kek, KeyRole.RELEASER, KeyLifetime.PERSISTENT);
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    Bytes wrapped = Wrapping.wrap(kek, randomKey(32));
    custody.close();
    openWith(PIN);
    for (Executable use :
        List.<Executable>of(
            () -> custody.unwrap(root, wrapped, NODE, KeyRole.KEK_PARENT, KeyLifetime.SESSION),
            () -> custody.derive(root, MESSAGE, NODE, KeyRole.MAC),
            () -> custody.mac(mac, MESSAGE),
            () -> custody.macSecret(mac, MESSAGE),
            () -> custody.release(releaser, wrapped),
            () -> custody.sign(identity, MESSAGE),
            () -> custody.publicKeyInfo(identity),
            () -> custody.certificate(identity),
            () -> custody.storeCertificate(identity, Certificates.ONE),
            () -> custody.destroy(root))) {
      assertFault(CustodyFault.TOKEN_GONE, use);
    }
    assertEquals(4, custody.inventory().size());
  }

  /** A random name, read back, checked, and only then in the journal: what is not in it goes. */
  @Test
  void keyThatNoJournalNamesIsSweptAtTheNextStart() throws Exception {
    importRoot(randomKey(32));
    KeyName first = new KeyName("root", randomKey(8));
    KeyRef installed = importKey(first, randomKey(32), KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    Bytes check = custody.checkValue(installed);
    KeyName second = new KeyName("root", randomKey(8));
    importKey(second, randomKey(32), KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    custody.close();

    openWith(PIN);
    assertTrue(custody.retainPersistent(Set.of(ROOT, first)) >= 1);
    assertEquals(check, custody.checkValue(custody.find(first).orElseThrow()));
    assertTrue(custody.find(second).isEmpty());
    custody.close();
    openWith(PIN);
    assertTrue(custody.find(second).isEmpty());
    assertEquals(2, custody.inventory().size());
  }

  /** The old root stays usable until the new one is named in its place. */
  @Test
  void oldRootServesUntilTheNewOneIsNamed() throws Exception {
    Bytes oldKey = randomKey(32);
    KeyRef old = importRoot(oldKey);
    Bytes newKey = randomKey(32);
    KeyName name = new KeyName("root", randomKey(8));
    KeyRef fresh =
        custody.unwrap(
            old, Wrapping.wrap(oldKey, newKey), name, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    custody.unwrap(
        old, Wrapping.wrap(oldKey, newKey), NODE, KeyRole.KEK_PARENT, KeyLifetime.SESSION);
    assertTrue(custody.retainPersistent(Set.of(name)) >= 1);
    assertFault(CustodyFault.NO_KEY, () -> custody.checkValue(old));
    assertTrue(custody.find(NODE).isPresent(), "session keys are no leftovers");
    assertEquals(3, custody.checkValue(fresh).size());
  }

  /** Whatever a killed process leaves: the store opens, and each key is whole or refused. */
  @Test
  void killedWriterLeavesAStoreThatOpens() throws Exception {
    importRoot(Bytes.copyOf(new byte[32]));
    Bytes check = custody.checkValue(custody.find(ROOT).orElseThrow());
    custody.close();
    if (!KeyWriter.canOpen(config)) {
      notOffered("the store lives in this process");
      openWith(PIN);
      return;
    }
    KeyWriter.killAfter(KEYS_BEFORE_KILL, config, PIN);
    openWith(PIN);
    assertEquals(check, custody.checkValue(custody.find(ROOT).orElseThrow()));
    List<KeyRecord> left = custody.inventory();
    assertTrue(left.size() > KEYS_BEFORE_KILL, left.toString());
    int whole = 0;
    for (KeyRecord key : left) {
      whole += isWhole(key.name(), check) ? 1 : 0;
    }
    assertTrue(whole > KEYS_BEFORE_KILL, "what was reported as made is whole");
    custody.retainPersistent(Set.of(ROOT));
    assertEquals(1, custody.inventory().size());
  }

  @Test
  void errorsLeaveNothingHanging() throws Exception {
    Bytes kek = randomKey(32);
    KeyRef root = importRoot(kek);
    KeyRef releaser = importKey(RELEASER, kek, KeyRole.RELEASER, KeyLifetime.SESSION);
    KeyRef mac = importKey(MAC, kek, KeyRole.MAC, KeyLifetime.SESSION);
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    Bytes bad = Bytes.copyOf(new byte[40]);
    for (int i = 0; i < 5; i++) {
      assertFault(CustodyFault.BAD_WRAP, () -> custody.release(releaser, bad));
      assertEquals(32, custody.mac(mac, MESSAGE).size());
      assertFault(CustodyFault.EXISTS, () -> importRoot(kek));
      assertFalse(custody.sign(identity, MESSAGE).isEmpty());
      assertFault(
          CustodyFault.BAD_WRAP,
          () -> custody.unwrap(root, bad, NODE, KeyRole.KEK_PARENT, KeyLifetime.SESSION));
    }
    assertTrue(custody.alive());
    assertEquals(4, custody.inventory().size());
  }

  @Test
  void importedKeyStaysTheCallers() throws Exception {
    Bytes key = randomKey(32);
    KeyRef mac;
    Bytes tag;
    try (SecretBytes secret = SecretBytes.takeFrom(key.toArray())) {
      mac = custody.importRoot(MAC, secret, KeyRole.MAC, KeyLifetime.SESSION);
      tag = custody.mac(mac, MESSAGE);
      assertTrue(secret.matches(key.toArray()));
    }
    assertEquals(tag, custody.mac(mac, MESSAGE));
  }

  @Test
  void closedCustodyAnswersNothing() throws Exception {
    KeyRef mac = importKey(MAC, randomKey(32), KeyRole.MAC, KeyLifetime.SESSION);
    custody.close();
    custody.close();
    assertThrows(IllegalStateException.class, () -> custody.mac(mac, MESSAGE));
    assertThrows(IllegalStateException.class, () -> custody.find(MAC));
    assertThrows(IllegalStateException.class, () -> custody.inventory());
    assertThrows(IllegalStateException.class, () -> custody.recover(PIN.toCharArray()));
  }

  @Test
  void closeWaitsForACallUnderWay() throws Exception {
    KeyRef mac = importKey(MAC, randomKey(32), KeyRole.MAC, KeyLifetime.SESSION);
    Bytes tag = custody.mac(mac, MESSAGE);
    Thread closer = new Thread(custody::close, "shutdown");
    closer.start();
    try {
      while (true) {
        assertEquals(tag, custody.mac(mac, MESSAGE), "whole answers until the end");
      }
    } catch (IllegalStateException closed) {
      assertTrue(String.valueOf(closed.getMessage()).contains("not open"));
    }
    closer.join();
  }

  @Test
  void anotherThreadMayOpenWhatIsClosed() throws Exception {
    importRoot(randomKey(32));
    custody.close();
    FutureTask<Optional<KeyRef>> other =
        new FutureTask<>(
            () -> {
              openWith(PIN);
              Optional<KeyRef> found = custody.find(ROOT);
              custody.close();
              return found;
            });
    Thread thread = new Thread(other, "next owner");
    thread.start();
    assertTrue(other.get().isPresent());
    thread.join();
  }

  @Test
  void twoCustodiesOfOneStoreTakeTurns() throws Exception {
    importRoot(randomKey(32));
    Bytes check = custody.checkValue(custody.find(ROOT).orElseThrow());
    custody.close();
    try (KeyCustody second = CustodyFactory.of(config, random)) {
      second.open(PIN.toCharArray());
      assertThrows(CustodyException.class, () -> openWith(PIN));
      assertEquals(check, second.checkValue(second.find(ROOT).orElseThrow()));
    }
    openWith(PIN);
    assertEquals(check, custody.checkValue(custody.find(ROOT).orElseThrow()));
  }

  @Test
  void emptyMessagesAreABug() throws Exception {
    KeyRef mac = importKey(MAC, randomKey(32), KeyRole.MAC, KeyLifetime.SESSION);
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    assertThrows(IllegalArgumentException.class, () -> custody.mac(mac, Bytes.EMPTY));
    assertThrows(IllegalArgumentException.class, () -> custody.macSecret(mac, Bytes.EMPTY));
    assertThrows(IllegalArgumentException.class, () -> custody.sign(identity, Bytes.EMPTY));
  }

  /** The writer's keys have the root's value, so a whole one has its check value. */
  private boolean isWhole(KeyName name, Bytes check) throws CustodyException {
    KeyRef key = custody.find(name).orElseThrow();
    try {
      assertEquals(check, custody.checkValue(key));
      return true;
    } catch (CustodyException torn) {
      assertTrue(custody.alive(), torn.toString());
      return false;
    }
  }

  private void openWith(String pin) throws CustodyException {
    custody.open(pin.toCharArray());
  }
}
