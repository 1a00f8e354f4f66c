package org.keyfleet.hsm.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * What every back end does: keys, names, lifetimes, loss. Subclass it, together with {@link
 * UnwrapContract}, {@link IdentityContract} and {@link FaultContract}, for a new one.
 */
@ExtendWith(CheckMatrix.class)
public abstract class CustodyContract extends CustodyFixture {
  private static final int SECRET_OCTETS = 32;
  private static final Bytes MESSAGE = Bytes.ofUtf8("message");

  @Test
  void wrongPinIsRefused() {
    custody.close();
    KeyCustody again = CustodyFactory.of(config, random);
    assertFault(CustodyFault.PIN, () -> again.open("9999".toCharArray()));
    assertThrows(IllegalStateException.class, again::alive);
  }

  @Test
  void pinStaysTheCallers() throws Exception {
    custody.close();
    char[] pin = PIN.toCharArray();
    custody.open(pin);
    assertEquals(PIN, String.valueOf(pin));
  }

  @Test
  void capabilitiesAreWhatTheContractNeeds() {
    Capabilities can = custody.capabilities();
    assertTrue(can.macs());
    assertTrue(can.derives());
    assertTrue(can.maxWrappedOctets() >= 40);
    assertTrue(can.identities().contains(IdentityAlgorithm.P256));
    assertTrue(can.agrees() || can.level() == CustodyLevel.TOKEN_ROOTED);
    assertEquals(enforcesRoles(), can.rolesEnforcedByToken());
    assertFalse(can.notes().isEmpty());
  }

  @Test
  void persistentKeysOutliveTheirSession() throws Exception {
    Bytes key = randomKey(32);
    importRoot(key);
    importKey(RELEASER, key, KeyRole.RELEASER, KeyLifetime.SESSION);
    Bytes check = custody.checkValue(custody.find(ROOT).orElseThrow());

    custody.close();
    custody.open(PIN.toCharArray());

    KeyRef found = custody.find(ROOT).orElseThrow();
    assertEquals(KeyRole.KEK_PARENT, found.role());
    assertEquals(KeyLifetime.PERSISTENT, found.lifetime());
    assertEquals(check, custody.checkValue(found));
    assertTrue(custody.find(RELEASER).isEmpty());
  }

  @Test
  void namesAreUnique() throws Exception {
    KeyRef root = importRoot(randomKey(32));
    assertFault(CustodyFault.EXISTS, () -> importRoot(randomKey(32)));
    assertFault(
        CustodyFault.EXISTS, () -> custody.derive(root, Bytes.of(1), ROOT, KeyRole.KEK_PARENT));
    assertFault(CustodyFault.EXISTS, () -> custody.generateIdentity(ROOT, IdentityAlgorithm.P256));
    assertEquals(List.of(ROOT), names(custody.inventory()));
  }

  @Test
  void destroyedKeyIsGone() throws Exception {
    KeyRef key = importKey(MAC, randomKey(32), KeyRole.MAC, KeyLifetime.SESSION);
    custody.destroy(key);
    assertFault(CustodyFault.NO_KEY, () -> custody.mac(key, MESSAGE));
    assertFault(CustodyFault.NO_KEY, () -> custody.destroy(key));
    assertTrue(custody.find(MAC).isEmpty());
    KeyRef again = importKey(MAC, randomKey(32), KeyRole.MAC, KeyLifetime.SESSION);
    assertEquals(32, custody.mac(again, MESSAGE).size());
    assertFault(CustodyFault.NO_KEY, () -> custody.mac(key, MESSAGE));
  }

  @Test
  void macIsHmacSha256() throws Exception {
    // RFC 4231 section 4.8 has no 32-octet key; HMAC pads with zeros, so "Jefe" (4.3) may be padded
    Bytes jefe = Bytes.concat(Bytes.ofUtf8("Jefe"), Bytes.copyOf(new byte[28]));
    KeyRef key = importKey(MAC, jefe, KeyRole.MAC, KeyLifetime.SESSION);
    Bytes message = Bytes.ofUtf8("what do ya want for nothing?");
    Bytes expected =
        Bytes.fromHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assertEquals(expected, custody.mac(key, message));
    try (SecretBytes secret = custody.macSecret(key, message)) {
      assertTrue(secret.matches(expected.toArray()));
    }
  }

  @Test
  void generatedKeysDiffer() throws Exception {
    KeyRef one = custody.generateSecret(MAC, KeyRole.MAC, KeyLifetime.PERSISTENT);
    KeyRef two = custody.generateSecret(KeyName.of("other"), KeyRole.MAC, KeyLifetime.SESSION);
    assertNotEquals(custody.mac(one, MESSAGE), custody.mac(two, MESSAGE));
    KeyRef root = custody.generateSecret(ROOT, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    assertEquals(3, custody.checkValue(root).size());
  }

  @Test
  void checkValueTellsKeysApart() throws Exception {
    KeyRef one = importRoot(Bytes.copyOf(new byte[SECRET_OCTETS]));
    KeyRef two = importKey(NODE, randomKey(32), KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    assertNotEquals(custody.checkValue(one), custody.checkValue(two));
    assertEquals(custody.checkValue(one), custody.checkValue(one));
  }

  @Test
  void lostStoreIsSeenAndRecovered() throws Exception {
    KeyRef root = importRoot(randomKey(32));
    KeyRef mac = importKey(MAC, randomKey(32), KeyRole.MAC, KeyLifetime.SESSION);
    assertTrue(custody.alive());
    lose();
    assertFalse(custody.alive());
    assertFault(CustodyFault.TOKEN_GONE, () -> custody.mac(mac, MESSAGE));
    assertFault(CustodyFault.TOKEN_GONE, () -> custody.recover(PIN.toCharArray()));
    assertFalse(custody.alive());
    assertFault(CustodyFault.TOKEN_GONE, custody::inventory);

    giveBack();
    custody.recover(PIN.toCharArray());
    assertTrue(custody.alive());
    assertFault(CustodyFault.TOKEN_GONE, () -> custody.destroy(root));
    assertFault(CustodyFault.TOKEN_GONE, () -> custody.mac(mac, MESSAGE));
    assertTrue(custody.find(MAC).isEmpty(), "session keys end with their session");
    KeyRef again = custody.find(ROOT).orElseThrow();
    assertTrue(again.incarnation() > root.incarnation());
    assertEquals(3, custody.checkValue(again).size());
  }

  @Test
  void recoverWithoutLossEndsAllReferences() throws Exception {
    KeyRef root = importRoot(randomKey(32));
    custody.recover(PIN.toCharArray());
    assertFault(CustodyFault.TOKEN_GONE, () -> custody.checkValue(root));
    assertTrue(custody.find(ROOT).isPresent());
  }

  @Test
  void onlyNamedPersistentKeysStay() throws Exception {
    importRoot(randomKey(32));
    importKey(NODE, randomKey(32), KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    importKey(MAC, randomKey(32), KeyRole.MAC, KeyLifetime.SESSION);
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    custody.generateIdentity(KeyName.of("other"), IdentityAlgorithm.P256);

    assertTrue(custody.retainPersistent(Set.of(ROOT, IDENTITY)) >= 2);
    assertEquals(0, custody.retainPersistent(Set.of(ROOT, IDENTITY)));

    assertEquals(Set.of(ROOT, MAC, IDENTITY), Set.copyOf(names(custody.inventory())));
    assertFalse(custody.publicKeyInfo(identity).isEmpty());
    custody.close();
    custody.open(PIN.toCharArray());
    assertEquals(Set.of(ROOT, IDENTITY), Set.copyOf(names(custody.inventory())));
  }

  @Test
  void inventoryShowsEveryKeyGuarded() throws Exception {
    KeyRef root = importRoot(randomKey(32));
    importKey(RELEASER, randomKey(32), KeyRole.RELEASER, KeyLifetime.SESSION);
    custody.derive(root, Bytes.of(1), MAC, KeyRole.MAC);
    custody.derive(root, Bytes.of(2), NODE, KeyRole.KEK_PARENT);
    custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);

    Map<KeyName, Set<KeyFlag>> expected =
        Map.of(
            ROOT, Set.of(KeyFlag.SENSITIVE, KeyFlag.UNWRAP, KeyFlag.DERIVE),
            RELEASER, Set.of(KeyFlag.SENSITIVE, KeyFlag.UNWRAP),
            MAC, Set.of(KeyFlag.SENSITIVE, KeyFlag.SIGN),
            NODE, Set.of(KeyFlag.SENSITIVE, KeyFlag.UNWRAP),
            IDENTITY, Set.of(KeyFlag.SENSITIVE, KeyFlag.SIGN));
    List<KeyRecord> inventory = custody.inventory();
    assertEquals(expected.keySet(), Set.copyOf(names(inventory)));
    for (KeyRecord key : inventory) {
      Set<KeyFlag> flags = new HashSet<>(key.flags());
      flags.remove(KeyFlag.NEVER_EXTRACTABLE);
      if (key.role() == KeyRole.IDENTITY) {
        assertTrue(flags.remove(KeyFlag.DERIVE) || !custody.capabilities().agrees());
      }
      assertEquals(expected.get(key.name()), flags, key.name().toString());
    }
  }

  @Test
  void anotherThreadIsABug() throws Exception {
    FutureTask<Throwable> other =
        new FutureTask<>(() -> assertThrows(IllegalStateException.class, custody::inventory));
    Thread thread = new Thread(other, "stranger");
    thread.start();
    assertTrue(String.valueOf(other.get()).contains("belongs to thread"));
    thread.join();
  }

  @Test
  void anotherThreadMayClose() throws Exception {
    Thread thread = new Thread(custody::close, "shutdown");
    thread.start();
    thread.join();
    assertThrows(IllegalStateException.class, custody::alive);
  }

  @Test
  void strangersReferenceIsABug() {
    KeyRef stranger =
        new KeyRef() {
          @Override
          public KeyName name() {
            return MAC;
          }

          @Override
          public KeyRole role() {
            return KeyRole.MAC;
          }

          @Override
          public KeyLifetime lifetime() {
            return KeyLifetime.SESSION;
          }

          @Override
          public int incarnation() {
            return 1;
          }
        };
    assertThrows(IllegalArgumentException.class, () -> custody.mac(stranger, Bytes.EMPTY));
  }

  @Test
  void secondCustodyOfAnOpenStoreIsRefused() {
    KeyCustody second = CustodyFactory.of(config, random);
    assertThrows(CustodyException.class, () -> second.open(PIN.toCharArray()));
    assertTrue(custody.alive());
  }

  @Test
  void nothingShowsKeys() throws Exception {
    Bytes key = randomKey(32);
    KeyRef root = importRoot(key);
    Map<String, Bytes> secrets = Map.of("root", key, "pin", Bytes.ofUtf8(PIN));
    assertHidden(secrets, root);
    assertHidden(secrets, custody);
    assertHidden(secrets, custody.inventory());
    assertHidden(secrets, custody.capabilities());
    assertHidden(secrets, assertFault(CustodyFault.EXISTS, () -> importRoot(key)));
  }

  private static List<KeyName> names(List<KeyRecord> inventory) {
    return inventory.stream().map(KeyRecord::name).toList();
  }
}
