package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.testkit.CustodyFixture;
import org.keyfleet.hsm.testkit.Wrapping;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;

/** Code in our process with the token open: what it can do with our keys past our interface. */
final class SoftHsmIntruderTest extends CustodyFixture {
  private static final Mechanism KWP = WrapMechanism.WRAP_PAD.mechanism();

  private final Bytes kek = randomKey(32);
  private @Nullable RawToken intruder;

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

  @BeforeEach
  void breakIn() throws Exception {
    importRoot(kek);
    importKey(RELEASER, kek, KeyRole.RELEASER, KeyLifetime.SESSION);
    intruder = new RawToken(config);
  }

  @AfterEach
  void leave() throws Exception {
    raw().close();
  }

  @Test
  void kekDoesNotShowItsValue() throws Exception {
    for (long key : keks()) {
      assertNull(raw().session.getAttrValues(key, PKCS11Constants.CKA_VALUE).value());
    }
  }

  @Test
  void kekWrapsEncryptsAndDecryptsNothing() throws Exception {
    for (long key : keks()) {
      assertRefused(
          PKCS11Constants.CKR_KEY_FUNCTION_NOT_PERMITTED,
          () -> raw().session.wrapKey(KWP, key, key));
      Mechanism ecb = new Mechanism(PKCS11Constants.CKM_AES_ECB);
      byte[] block = new byte[16];
      assertRefused(
          PKCS11Constants.CKR_KEY_FUNCTION_NOT_PERMITTED,
          () -> raw().session.encryptSingle(ecb, key, block));
      assertRefused(
          PKCS11Constants.CKR_KEY_FUNCTION_NOT_PERMITTED,
          () -> raw().session.decryptSingle(ecb, key, block));
    }
  }

  @Test
  void kekIsNotWeakened() throws Exception {
    List<AttributeVector> weaker =
        List.of(
            new AttributeVector().extractable(true),
            new AttributeVector().sensitive(false),
            new AttributeVector().decrypt(true),
            new AttributeVector().modifiable(true),
            new AttributeVector().label("mine"));
    for (long key : keks()) {
      for (AttributeVector change : weaker) {
        assertRefused(
            PKCS11Constants.CKR_ACTION_PROHIBITED,
            () -> raw().session.setAttributeValues(key, change));
      }
      assertThrows(
          PKCS11Exception.class,
          () -> raw().session.copyObject(key, new AttributeVector().decrypt(true)));
    }
  }

  @Test
  void parentDoesNotUnwrapToTheHost() throws Exception {
    byte[] wrapped = Wrapping.wrap(kek, randomKey(32)).toArray();
    long parent = raw().handle(KeyRole.KEK_PARENT, ROOT);
    assertRefused(
        PKCS11Constants.CKR_TEMPLATE_INCONSISTENT,
        () ->
            raw().session.unwrapKey(KWP, parent, wrapped, Templates.lent(PKCS11Constants.CKK_AES)));
  }

  /**
   * The limit of a plain token, written down in docs/threat-model.md: under a parent the intruder
   * may unwrap a node's key as a releaser, because SoftHSM takes no template within a template.
   */
  @Test
  void intruderWithTheBlobsCanTurnANodeIntoAReleaser() throws Exception {
    Bytes node = randomKey(32);
    Bytes below = randomKey(32);
    long parent = raw().handle(KeyRole.KEK_PARENT, ROOT);
    AttributeVector releaser =
        Templates.sealed(Templates.secret(NODE, KeyRole.RELEASER, KeyLifetime.SESSION, true));
    long turned =
        raw().session.unwrapKey(KWP, parent, Wrapping.wrap(kek, node).toArray(), releaser);
    long lent =
        raw()
            .session
            .unwrapKey(
                KWP,
                turned,
                Wrapping.wrap(node, below).toArray(),
                Templates.lent(PKCS11Constants.CKK_AES));
    assertArrayEquals(
        below.toArray(), raw().session.getAttrValues(lent, PKCS11Constants.CKA_VALUE).value());
  }

  @Test
  void releaseLeavesNothingInTheToken() throws Exception {
    KeyRef releaser = custody.find(RELEASER).orElseThrow();
    List<Long> before = raw().handles();
    for (int i = 0; i < 50; i++) {
      Bytes wrapped = Wrapping.wrap(kek, randomKey(52));
      release(releaser, wrapped);
      byte[] tampered = wrapped.toArray();
      tampered[9] ^= 1;
      assertFault(CustodyFault.BAD_WRAP, () -> custody.release(releaser, Bytes.copyOf(tampered)));
    }
    assertEquals(before, raw().handles());
  }

  @Test
  void inventoryListsASessionKeyThatIsNotKnown() throws Exception {
    AttributeVector weak =
        new AttributeVector()
            .class_(PKCS11Constants.CKO_SECRET_KEY)
            .keyType(PKCS11Constants.CKK_AES)
            .token(false)
            .private_(true)
            .label(ObjectLabel.of(KeyRole.KEK_PARENT, NODE))
            .id(NODE.id().toArray())
            .extractable(true)
            .value(new byte[32]);
    raw().session.createObject(weak);
    KeyRecord listed =
        custody.inventory().stream()
            .filter(key -> key.name().equals(NODE))
            .findFirst()
            .orElseThrow();
    assertTrue(listed.flags().contains(KeyFlag.EXTRACTABLE), listed.toString());
    assertEquals(KeyLifetime.SESSION, listed.lifetime());
  }

  @Test
  void messagesShowNoKeys() throws Exception {
    Map<String, Bytes> secrets = Map.of("kek", kek);
    CustodyException gone =
        assertFault(
            CustodyFault.BAD_WRAP,
            () -> {
              try (SecretBytes none =
                  custody.release(
                      custody.find(RELEASER).orElseThrow(), Bytes.copyOf(new byte[40]))) {
                none.size();
              }
            });
    assertHidden(secrets, gone);
    assertHidden(secrets, String.valueOf(gone.getCause()));
  }

  private RawToken raw() {
    return Objects.requireNonNull(intruder);
  }

  private long[] keks() throws PKCS11Exception {
    return new long[] {
      raw().handle(KeyRole.KEK_PARENT, ROOT), raw().handle(KeyRole.RELEASER, RELEASER)
    };
  }

  private static void assertRefused(long code, Executable call) {
    PKCS11Exception refused = assertThrows(PKCS11Exception.class, call);
    assertEquals(new PKCS11Exception(code).getErrorName(), refused.getErrorName());
  }
}
