package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.testkit.CustodyFixture;
import org.keyfleet.hsm.testkit.KeyWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;

/** What a power cut or a kill leaves in the token, and what of it the next start keeps. */
final class TornObjectsTest extends CustodyFixture {
  private static final int KILLS = 3;

  @Override
  protected CustodyConfig newStore() throws CustodyException {
    return SoftHsmFixtures.create(PIN);
  }

  @Override
  protected void lose() throws Exception {
    SoftHsmFixtures.lose(config);
  }

  @Override
  protected void giveBack() throws Exception {
    SoftHsmFixtures.giveBack();
  }

  @Override
  protected boolean enforcesRoles() {
    return true;
  }

  @Test
  void weakAndNamelessObjectsAreLeftOutAndDestroyed() throws Exception {
    Bytes root = randomKey(32);
    importRoot(root);
    String ours = ObjectLabel.of(KeyRole.KEK_PARENT, NODE);
    try (RawToken raw = new RawToken(config)) {
      AttributeVector weak =
          AttributeVector.newAESSecretKey().token(true).label(ours).id(new byte[] {2});
      raw.session.createObject(weak.value(new byte[32]));
      AttributeVector nameless = AttributeVector.newAESSecretKey().token(true).label(ours);
      raw.session.createObject(nameless.value(new byte[32]));
      AttributeVector foreign = AttributeVector.newAESSecretKey().token(true).label("wifi");
      raw.session.createObject(foreign.value(new byte[32]));
    }
    custody.recover(PIN.toCharArray());
    assertTrue(custody.find(NODE).isEmpty());
    assertEquals(2, custody.retainPersistent(Set.of(ROOT, NODE)));
    try (RawToken raw = new RawToken(config)) {
      assertEquals(1, raw.session.findAllObjectsSingle(new AttributeVector().label("wifi")).length);
      assertEquals(0, raw.session.findAllObjectsSingle(new AttributeVector().label(ours)).length);
    }
    assertTrue(custody.find(ROOT).isPresent());
  }

  /** One object that the token does not give up does not keep the rest, nor the start. */
  @Test
  void undestroyableObjectIsSkipped() throws Exception {
    importRoot(randomKey(32));
    try (RawToken raw = new RawToken(config)) {
      for (int i = 0; i < 3; i++) {
        AttributeVector torn =
            AttributeVector.newAESSecretKey()
                .token(true)
                .label(ObjectLabel.of(KeyRole.KEK_PARENT, NODE))
                .id(new byte[] {(byte) (9 + i)})
                .attr(PKCS11Constants.CKA_DESTROYABLE, i != 1);
        raw.session.createObject(torn.value(new byte[32]));
      }
    }
    custody.recover(PIN.toCharArray());
    assertEquals(2, custody.retainPersistent(Set.of(ROOT)));
    assertEquals(0, custody.retainPersistent(Set.of(ROOT)));
    assertTrue(custody.find(ROOT).isPresent());
  }

  /** A key whose attributes the token does not tell is as bad as one with others than asked. */
  @Test
  void keyThatCannotBeReadBackDoesNotStay() throws Exception {
    try (RawToken raw = new RawToken(config)) {
      int before = raw.handles().size();
      for (MadeKey.Reading reading :
          List.<MadeKey.Reading>of(
              () -> new ReadBack(Set.of(), true),
              () -> {
                throw new PKCS11Exception(PKCS11Constants.CKR_DEVICE_MEMORY);
              })) {
        long made =
            raw.session.createObject(
                AttributeVector.newAESSecretKey().token(true).value(new byte[32]));
        assertThrows(
            Exception.class,
            () -> MadeKey.keptIf(raw.session, made, "a key", reading, read -> false));
        assertEquals(before, raw.handles().size());
      }
    }
  }

  @Test
  void publicKeyWithoutItsPrivateKeyIsReplaced() throws Exception {
    custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    try (RawToken raw = new RawToken(config)) {
      for (long handle : raw.handles()) {
        Long type = raw.session.getAttrValues(handle, PKCS11Constants.CKA_CLASS).class_();
        if (type != null && type == PKCS11Constants.CKO_PRIVATE_KEY) {
          raw.session.destroyObject(handle);
        }
      }
    }
    custody.recover(PIN.toCharArray());
    assertTrue(custody.find(IDENTITY).isEmpty());
    KeyRef identity = custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    assertEquals(91, custody.publicKeyInfo(identity).size());
  }

  @Test
  void keyDestroyedBehindOurBackIsMissing() throws Exception {
    KeyRef mac = importKey(MAC, randomKey(32), KeyRole.MAC, KeyLifetime.PERSISTENT);
    try (RawToken raw = new RawToken(config)) {
      raw.session.destroyObject(raw.handle(KeyRole.MAC, MAC));
    }
    CustodyException thrown =
        assertThrows(CustodyException.class, () -> custody.mac(mac, Bytes.of(1)));
    assertEquals(CustodyFault.NO_KEY, thrown.fault());
    assertTrue(custody.alive());
  }

  /**
   * A second process makes persistent keys until it is killed. Whatever it leaves, the token opens,
   * every key that is found is whole or its check value fails, and the clean-up leaves the root.
   */
  @Test
  void killedWriterLeavesATokenThatOpens() throws Exception {
    importRoot(Bytes.copyOf(new byte[32]));
    Bytes check = custody.checkValue(custody.find(ROOT).orElseThrow());
    for (int kill = 0; kill < KILLS; kill++) {
      custody.close();
      KeyWriter.killAfter(3 + kill, config, PIN);
      custody.open(PIN.toCharArray());

      assertEquals(check, custody.checkValue(custody.find(ROOT).orElseThrow()));
      for (KeyRecord key : custody.inventory()) {
        assertEquals(KeyRole.KEK_PARENT, key.role());
        assertWholeOrRefused(key.name(), check);
      }
      assertTrue(custody.alive());
      custody.retainPersistent(Set.of(ROOT));
      assertEquals(1, custody.inventory().size());
      try (RawToken raw = new RawToken(config)) {
        AttributeVector persistent = new AttributeVector().token(true);
        assertEquals(1, raw.session.findAllObjectsSingle(persistent).length);
      }
    }
  }

  /** The writer's keys have the root's value, so a whole one has its check value. */
  private void assertWholeOrRefused(KeyName name, Bytes check) throws CustodyException {
    KeyRef key = custody.find(name).orElseThrow();
    try {
      assertEquals(check, custody.checkValue(key));
    } catch (CustodyException torn) {
      assertTrue(custody.alive(), torn.toString());
    }
  }
}
