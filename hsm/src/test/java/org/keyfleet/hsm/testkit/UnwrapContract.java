package org.keyfleet.hsm.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/** What every back end does with wrapped keys, and with roles. */
@ExtendWith(CheckMatrix.class)
public abstract class UnwrapContract extends CustodyFixture {
  private static final Set<KeyFlag> WEAK =
      EnumSet.of(
          KeyFlag.EXTRACTABLE, KeyFlag.MODIFIABLE, KeyFlag.ENCRYPT, KeyFlag.DECRYPT, KeyFlag.WRAP);

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 32})
  void chainOfKeysEndsInTheReleasedOne(int octets) throws Exception {
    Bytes k1 = randomKey(octets);
    Bytes k2 = randomKey(octets);
    Bytes k3 = randomKey(octets);
    Bytes released = randomKey(36);
    KeyRef root = importRoot(k1);
    KeyRef node = unwrap(root, Wrapping.wrap(k1, k2), NODE, KeyRole.KEK_PARENT);
    KeyRef releaser = unwrap(node, Wrapping.wrap(k2, k3), RELEASER, KeyRole.RELEASER);
    assertEquals(released, release(releaser, Wrapping.wrap(k3, released)));
    assertEquals(NODE, node.name());
    assertEquals(KeyLifetime.SESSION, node.lifetime());
  }

  /** RFC 5649 section 6. */
  @Test
  void rfc5649Vectors() throws Exception {
    Bytes kek = Bytes.fromHex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
    KeyRef releaser = importKey(RELEASER, kek, KeyRole.RELEASER, KeyLifetime.SESSION);
    assertEquals(
        Bytes.fromHex("c37b7e6492584340bed12207808941155068f738"),
        release(
            releaser,
            Bytes.fromHex("138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a")));
    assertEquals(
        Bytes.fromHex("466f7250617369"),
        release(releaser, Bytes.fromHex("afbeb0f07dfbf5419200f2ccb50bb24f")));
  }

  /** Keying material is as long as the suite makes it: GSK_e with salt | GSK_w is 36 or 52. */
  @Test
  void releasesEveryLength() throws Exception {
    Bytes kek = randomKey(32);
    KeyRef releaser = importKey(RELEASER, kek, KeyRole.RELEASER, KeyLifetime.SESSION);
    for (int octets = 1; octets <= KeyWrap.MAX_KEY_OCTETS; octets++) {
      Bytes key = randomKey(octets);
      assertEquals(key, release(releaser, Wrapping.wrap(kek, key)));
    }
  }

  @Test
  void everyFlippedBitIsRefusedAndHarmsNothing() throws Exception {
    Bytes k1 = randomKey(16);
    Bytes k2 = randomKey(16);
    Bytes wrapped = Wrapping.wrap(k1, k2);
    KeyRef root = importRoot(k1);
    KeyRef releaser = importKey(RELEASER, k1, KeyRole.RELEASER, KeyLifetime.SESSION);
    KeyRef sibling = unwrap(root, wrapped, NODE, KeyRole.KEK_PARENT);
    for (int bit = 0; bit < wrapped.size() * 8; bit++) {
      byte[] flipped = wrapped.toArray();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Bytes tampered = Bytes.copyOf(flipped);
      assertFault(
          CustodyFault.BAD_WRAP,
          () -> unwrap(root, tampered, KeyName.of("child"), KeyRole.KEK_PARENT));
      assertFault(CustodyFault.BAD_WRAP, () -> release(releaser, tampered));
    }
    assertTrue(custody.alive());
    assertTrue(custody.find(KeyName.of("child")).isEmpty());
    assertEquals(3, custody.inventory().size());
    // the session keys outlive the errors of others
    Bytes k3 = randomKey(32);
    unwrap(sibling, Wrapping.wrap(k2, k3), KeyName.of("child"), KeyRole.KEK_PARENT);
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    Bytes kek = randomKey(32);
    KeyRef root = importRoot(kek);
    KeyRef releaser = importKey(RELEASER, kek, KeyRole.RELEASER, KeyLifetime.SESSION);
    Bytes wrapped = Wrapping.wrap(kek, randomKey(32));
    for (int size = 0; size < wrapped.size(); size++) {
      Bytes cut = wrapped.slice(0, size);
      assertFault(CustodyFault.BAD_WRAP, () -> unwrap(root, cut, NODE, KeyRole.KEK_PARENT));
      assertFault(CustodyFault.BAD_WRAP, () -> release(releaser, cut));
    }
  }

  /** What comes by unwrapping is as guarded as what is made inside. */
  @Test
  void unwrappedKeysAreGuarded() throws Exception {
    Bytes kek = randomKey(32);
    Bytes wrapped = Wrapping.wrap(kek, randomKey(32));
    KeyRef root = importRoot(kek);
    unwrap(root, wrapped, NODE, KeyRole.KEK_PARENT);
    unwrap(root, wrapped, RELEASER, KeyRole.RELEASER);
    unwrap(root, wrapped, MAC, KeyRole.MAC);
    for (KeyRecord key : custody.inventory()) {
      assertTrue(key.flags().contains(KeyFlag.SENSITIVE), key.toString());
      for (KeyFlag weak : WEAK) {
        assertFalse(key.flags().contains(weak), key.toString());
      }
    }
    assertEquals(4, custody.inventory().size());
  }

  /** The answer that a token is measured with at each opening, asked through the interface. */
  @Test
  void derivesTheKnownKey() throws Exception {
    Bytes root = Bytes.fromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    KeyRef derived =
        custody.derive(importRoot(root), Bytes.ofUtf8("keyfleet self-test"), MAC, KeyRole.MAC);
    assertEquals(
        Bytes.fromHex("3ec8bb75d2859e829fc8168fbc592f08147f0e7420b56239651044268eb85608"),
        custody.mac(derived, Bytes.ofUtf8("what do ya want for nothing?")));
  }

  /** What is released is the caller's: a fresh copy each time, whose end harms no other. */
  @Test
  void releasedKeyIsTheCallersToWipe() throws Exception {
    Bytes kek = randomKey(32);
    Bytes key = randomKey(52);
    Bytes wrapped = Wrapping.wrap(kek, key);
    KeyRef releaser = importKey(RELEASER, kek, KeyRole.RELEASER, KeyLifetime.SESSION);
    SecretBytes one = custody.release(releaser, wrapped);
    try (SecretBytes two = custody.release(releaser, wrapped)) {
      one.close();
      assertThrows(IllegalStateException.class, () -> one.matches(key.toArray()));
      assertTrue(two.matches(key.toArray()));
    }
    assertEquals(1, custody.inventory().size(), "no lent key stays in the store");
  }

  @Test
  void tooLongIsRefused() throws Exception {
    KeyRef releaser = importKey(RELEASER, randomKey(32), KeyRole.RELEASER, KeyLifetime.SESSION);
    int size = custody.capabilities().maxWrappedOctets() + 8;
    assertFault(CustodyFault.BAD_WRAP, () -> release(releaser, Bytes.copyOf(new byte[size])));
  }

  @Test
  void wrongParentIsRefused() throws Exception {
    KeyRef root = importRoot(randomKey(32));
    Bytes wrapped = Wrapping.wrap(randomKey(32), randomKey(32));
    assertFault(CustodyFault.BAD_WRAP, () -> unwrap(root, wrapped, NODE, KeyRole.KEK_PARENT));
  }

  @Test
  void keyOfNoAesLengthDoesNotStay() throws Exception {
    Bytes kek = randomKey(32);
    KeyRef root = importRoot(kek);
    Bytes wrapped = Wrapping.wrap(kek, randomKey(36));
    assertFault(CustodyFault.BAD_WRAP, () -> unwrap(root, wrapped, NODE, KeyRole.KEK_PARENT));
    Bytes short16 = Wrapping.wrap(kek, randomKey(16));
    assertFault(CustodyFault.BAD_WRAP, () -> unwrap(root, short16, MAC, KeyRole.MAC));
  }

  @Test
  void rolesAreKept() throws Exception {
    Bytes kek = randomKey(32);
    KeyRef root = importRoot(kek);
    KeyRef releaser = importKey(RELEASER, kek, KeyRole.RELEASER, KeyLifetime.SESSION);
    KeyRef mac = importKey(MAC, kek, KeyRole.MAC, KeyLifetime.SESSION);
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    Bytes wrapped = Wrapping.wrap(kek, randomKey(32));
    KeyRef node = unwrap(root, wrapped, NODE, KeyRole.KEK_PARENT);
    KeyName child = KeyName.of("child");

    assertFault(CustodyFault.POLICY, () -> release(root, wrapped));
    assertFault(CustodyFault.POLICY, () -> release(mac, wrapped));
    assertFault(CustodyFault.POLICY, () -> unwrap(releaser, wrapped, child, KeyRole.KEK_PARENT));
    assertFault(CustodyFault.POLICY, () -> unwrap(identity, wrapped, child, KeyRole.KEK_PARENT));
    assertFault(CustodyFault.POLICY, () -> custody.mac(root, wrapped));
    assertFault(CustodyFault.POLICY, () -> custody.macSecret(releaser, wrapped));
    assertFault(CustodyFault.POLICY, () -> custody.sign(mac, wrapped));
    assertFault(CustodyFault.POLICY, () -> custody.publicKeyInfo(root));
    assertFault(CustodyFault.POLICY, () -> custody.derive(releaser, wrapped, child, KeyRole.MAC));
    assertFault(CustodyFault.POLICY, () -> custody.derive(node, wrapped, child, KeyRole.MAC));
    assertFault(CustodyFault.POLICY, () -> custody.checkValue(releaser));
    assertThrows(
        IllegalArgumentException.class, () -> unwrap(root, wrapped, child, KeyRole.IDENTITY));
    assertTrue(custody.find(child).isEmpty());
  }

  /** Standard custody: one blob is unwrapped for the tree and, for a moment, to release with. */
  @Test
  void sameBlobTakesTwoRolesUnderTwoNames() throws Exception {
    Bytes k1 = randomKey(32);
    Bytes k2 = randomKey(32);
    KeyRef root = importRoot(k1);
    Bytes wrapped = Wrapping.wrap(k1, k2);
    unwrap(root, wrapped, NODE, KeyRole.KEK_PARENT);
    KeyRef releaser = unwrap(root, wrapped, RELEASER, KeyRole.RELEASER);
    Bytes key = randomKey(52);
    assertEquals(key, release(releaser, Wrapping.wrap(k2, key)));
    custody.destroy(releaser);
    assertTrue(custody.find(NODE).isPresent());
    assertTrue(custody.find(RELEASER).isEmpty());
  }

  @Test
  void unwrappedKeyCanPersist() throws Exception {
    Bytes k1 = randomKey(32);
    Bytes k2 = randomKey(32);
    KeyRef root = importRoot(k1);
    KeyRef child =
        custody.unwrap(
            root, Wrapping.wrap(k1, k2), NODE, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    Bytes check = custody.checkValue(child);
    custody.close();
    custody.open(PIN.toCharArray());
    KeyRef found = custody.find(NODE).orElseThrow();
    assertEquals(check, custody.checkValue(found));
    unwrap(found, Wrapping.wrap(k2, randomKey(32)), RELEASER, KeyRole.RELEASER);
  }

  @Test
  void unwrappedMacKeyAuthenticates() throws Exception {
    Bytes kek = randomKey(32);
    Bytes key = randomKey(32);
    KeyRef root = importRoot(kek);
    KeyRef unwrapped = unwrap(root, Wrapping.wrap(kek, key), MAC, KeyRole.MAC);
    KeyRef imported = importKey(NODE, key, KeyRole.MAC, KeyLifetime.SESSION);
    Bytes message = Bytes.ofUtf8("journal record");
    assertEquals(custody.mac(imported, message), custody.mac(unwrapped, message));
  }

  @Test
  void derivesWhatTheHostDerives() throws Exception {
    Bytes label = Bytes.ofUtf8("a label of any length, for example this one");
    for (int octets : new int[] {16, 24, 32}) {
      KeyName name = new KeyName("root", Bytes.of(octets));
      Bytes key = randomKey(octets);
      KeyRef root = importKey(name, key, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
      KeyName derived = new KeyName("derived", Bytes.of(octets));
      KeyRef child = custody.derive(root, label, derived, KeyRole.KEK_PARENT);
      try (SecretBytes parent = SecretBytes.takeFrom(key.toArray());
          SecretBytes expected = KeyDerivation.derive(parent, label)) {
        Bytes wrapped = Wrapping.wrap(expected.use(Bytes::copyOf), randomKey(32));
        KeyName opened = new KeyName("opened", Bytes.of(octets));
        assertEquals(opened, unwrap(child, wrapped, opened, KeyRole.KEK_PARENT).name());
      }
    }
  }

  /** A node of a one-way function chain: unwrapped or derived, it derives and unwraps. */
  @Test
  void chainDerivesUpwardsAndUnwraps() throws Exception {
    KeyRef root = importRoot(randomKey(32));
    Bytes label = Bytes.ofUtf8("keyfleet chain 1");
    KeyName name = new KeyName("chain", Bytes.of(1));
    if (!offered(
        custody.capabilities().chains(), () -> custody.derive(root, label, name, KeyRole.CHAIN))) {
      return;
    }
    for (int octets : new int[] {16, 32}) {
      Bytes key = randomKey(octets);
      Bytes own = randomKey(32);
      KeyRef parent =
          importKey(
              new KeyName("own", Bytes.of(octets)),
              own,
              KeyRole.KEK_PARENT,
              KeyLifetime.PERSISTENT);
      KeyRef node =
          unwrap(
              parent,
              Wrapping.wrap(own, key),
              new KeyName("node", Bytes.of(octets)),
              KeyRole.CHAIN);
      Bytes expected = key;
      for (int step = 1; step <= 3; step++) {
        KeyName above = new KeyName("above", Bytes.of(octets, step));
        node = custody.derive(node, label, octets, above, KeyRole.CHAIN);
        try (SecretBytes below = SecretBytes.takeFrom(expected.toArray());
            SecretBytes derived = KeyDerivation.derive(below, label, octets)) {
          expected = derived.use(Bytes::copyOf);
        }
      }
      KeyName opened = new KeyName("opened", Bytes.of(octets));
      unwrap(node, Wrapping.wrap(expected, randomKey(32)), opened, KeyRole.CHAIN);
      KeyName releaser = new KeyName("releaser", Bytes.of(octets));
      KeyRef lends = custody.derive(node, label, octets, releaser, KeyRole.RELEASER);
      try (SecretBytes below = SecretBytes.takeFrom(expected.toArray());
          SecretBytes derived = KeyDerivation.derive(below, label, octets);
          SecretBytes lent =
              custody.release(
                  lends, Wrapping.wrap(derived.use(Bytes::copyOf), Bytes.ofUtf8("keymat")))) {
        assertEquals(Bytes.ofUtf8("keymat"), lent.use(Bytes::copyOf));
      }
      KeyRef chain = node;
      assertFault(CustodyFault.POLICY, () -> custody.release(chain, Wrapping.wrap(key, key)));
    }
  }

  protected final KeyRef unwrap(KeyRef parent, Bytes wrapped, KeyName child, KeyRole role)
      throws CustodyException {
    return custody.unwrap(parent, wrapped, child, role, KeyLifetime.SESSION);
  }
}
