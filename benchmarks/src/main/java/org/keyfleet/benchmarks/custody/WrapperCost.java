package org.keyfleet.benchmarks.custody;

import java.io.IOException;
import org.keyfleet.hsm.pkcs11.KnownAnswers;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.KeyPairTemplate;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.params.ByteArrayParams;
import org.xipki.pkcs11.wrapper.params.ECDH1_DERIVE_PARAMS;
import org.xipki.pkcs11.wrapper.params.KEY_DERIVATION_STRING_DATA;

/** The wrapper's share: the same PKCS#11 calls as raw-calls.c makes, and nothing else. */
final class WrapperCost {
  private static final int KEY_OCTETS = 32;
  private static final long[] READ_BACK = {
    PKCS11Constants.CKA_TOKEN,
    PKCS11Constants.CKA_SENSITIVE,
    PKCS11Constants.CKA_EXTRACTABLE,
    PKCS11Constants.CKA_NEVER_EXTRACTABLE,
    PKCS11Constants.CKA_MODIFIABLE,
    PKCS11Constants.CKA_DECRYPT,
    PKCS11Constants.CKA_UNWRAP,
    PKCS11Constants.CKA_SIGN,
    PKCS11Constants.CKA_DERIVE,
    PKCS11Constants.CKA_ENCRYPT,
    PKCS11Constants.CKA_WRAP,
  };

  private interface Measured {
    long[] nanos() throws PKCS11Exception;
  }

  private final Pkcs11Uri uri;
  private final Cost cost = new Cost();

  WrapperCost(Pkcs11Uri uri) {
    this.uri = uri;
  }

  Cost cost() {
    return cost;
  }

  void round(RawMechanism unwrapping, int count) throws IOException {
    PKCS11Module module = PKCS11Module.getInstance(uri.modulePath().orElseThrow());
    try {
      module.initialize();
      Session session = slot(module).getToken().openSession(true);
      session.login(PKCS11Constants.CKU_USER, BackEnd.PIN.toCharArray());
      round(session, mechanism(unwrapping), count);
      session.closeSession();
      module.finalize(null);
    } catch (PKCS11Exception e) {
      throw new IOException("the wrapper's round: " + e.getErrorName(), e);
    }
  }

  private void round(Session session, Mechanism unwrapping, int count) throws PKCS11Exception {
    byte[] wrapped = KnownAnswers.WRAPPED_ROOT.toArray();
    byte[] message = new byte[64];
    byte[] hash = new byte[KEY_OCTETS];
    long parent = create(session, aes(true, true, false), KnownAnswers.KEK);
    long releaser = create(session, aes(true, false, false), KnownAnswers.KEK);
    long root = create(session, aes(false, false, true), KnownAnswers.ROOT);
    long mac = create(session, mac(), KnownAnswers.ROOT);
    long identity = identity(session);
    Mechanism deriving =
        new Mechanism(
            PKCS11Constants.CKM_AES_ECB_ENCRYPT_DATA, new KEY_DERIVATION_STRING_DATA(hash));
    Mechanism agreeing =
        new Mechanism(
            PKCS11Constants.CKM_ECDH1_DERIVE,
            new ECDH1_DERIVE_PARAMS(
                PKCS11Constants.CKD_NULL, null, KnownAnswers.PEER_POINT.toArray()));
    Mechanism hmac = new Mechanism(PKCS11Constants.CKM_SHA256_HMAC);
    Mechanism ecdsa = new Mechanism(PKCS11Constants.CKM_ECDSA);
    measure(
        Operation.UNWRAP,
        () ->
            Timed.nanos(
                count,
                () ->
                    readBack(
                        session,
                        session.unwrapKey(
                            unwrapping, parent, wrapped, aes(true, true, false).modifiable(false))),
                session::destroyObject));
    measure(
        Operation.RELEASE,
        () ->
            Timed.nanos(
                count,
                () -> {
                  long lent = session.unwrapKey(unwrapping, releaser, wrapped, lent());
                  session.getAttrValues(lent, PKCS11Constants.CKA_VALUE);
                  session.destroyObject(lent);
                  return lent;
                },
                made -> {}));
    measure(
        Operation.DERIVE,
        () ->
            Timed.nanos(
                count,
                () ->
                    readBack(
                        session,
                        session.deriveKey(
                            deriving, root, mac().valueLen(KEY_OCTETS).modifiable(false))),
                session::destroyObject));
    measure(
        Operation.MAC,
        () -> Timed.nanos(count, () -> session.signSingle(hmac, mac, message), made -> {}));
    measure(
        Operation.SIGN,
        () -> Timed.nanos(count, () -> session.signSingle(ecdsa, identity, hash), made -> {}));
    measure(
        Operation.AGREE,
        () ->
            Timed.nanos(
                count,
                () -> readBack(session, session.deriveKey(agreeing, identity, shared())),
                session::destroyObject));
  }

  /** What a member asks of each key that was made, in one call. */
  private static long readBack(Session session, long made) throws PKCS11Exception {
    session.getAttrValues(made, READ_BACK);
    return made;
  }

  private void measure(Operation operation, Measured measured) {
    try {
      cost.add(operation, measured.nanos());
    } catch (PKCS11Exception e) {
      cost.refused(operation, e.getErrorName());
    }
  }

  private Slot slot(PKCS11Module module) throws PKCS11Exception, IOException {
    String label = uri.token().orElseThrow();
    for (Slot slot : module.getSlotList(true)) {
      if (slot.getToken().getTokenInfo().getLabel().strip().equals(label)) {
        return slot;
      }
    }
    throw new IOException("no token " + label);
  }

  private static Mechanism mechanism(RawMechanism unwrapping) {
    return unwrapping.withIv()
        ? new Mechanism(unwrapping.code(), new ByteArrayParams(Bytes.fromHex("a65959a6").toArray()))
        : new Mechanism(unwrapping.code());
  }

  private static long create(Session session, AttributeVector template, Bytes value)
      throws PKCS11Exception {
    return session.createObject(template.value(value.toArray()).modifiable(false));
  }

  private static AttributeVector aes(boolean unwraps, boolean guards, boolean derives) {
    AttributeVector template =
        uses(AttributeVector.newAESSecretKey(), false, derives).unwrap(unwraps);
    if (unwraps) {
      template.unwrapTemplate(new AttributeVector().sensitive(guards).extractable(!guards));
    }
    return template;
  }

  private static AttributeVector mac() {
    return uses(AttributeVector.newSecretKey(PKCS11Constants.CKK_GENERIC_SECRET), true, false)
        .unwrap(false);
  }

  private static AttributeVector uses(AttributeVector kind, boolean signs, boolean derives) {
    return kind.token(false)
        .private_(true)
        .label("keyfleet:bench")
        .id(Bytes.ofUtf8("bench").toArray())
        .sensitive(true)
        .extractable(false)
        .encrypt(false)
        .decrypt(false)
        .wrap(false)
        .verify(false)
        .sign(signs)
        .derive(derives);
  }

  private static AttributeVector lent() {
    return AttributeVector.newSecretKey(PKCS11Constants.CKK_GENERIC_SECRET)
        .token(false)
        .private_(true)
        .sensitive(false)
        .extractable(true);
  }

  private static AttributeVector shared() {
    return AttributeVector.newAESSecretKey()
        .token(false)
        .private_(true)
        .sensitive(true)
        .extractable(false)
        .encrypt(false)
        .decrypt(false)
        .wrap(false)
        .unwrap(false)
        .sign(false)
        .verify(false)
        .derive(true)
        .valueLen(KEY_OCTETS)
        .modifiable(false);
  }

  private static long identity(Session session) throws PKCS11Exception {
    KeyPairTemplate pair = new KeyPairTemplate(PKCS11Constants.CKK_EC);
    pair.privateKey()
        .token(false)
        .private_(true)
        .sensitive(true)
        .extractable(false)
        .sign(true)
        .derive(true);
    pair.publicKey()
        .token(false)
        .ecParams(Bytes.fromHex("0608 2a8648ce3d030107").toArray())
        .verify(true);
    return session
        .generateKeyPair(new Mechanism(PKCS11Constants.CKM_EC_KEY_PAIR_GEN), pair)
        .getPrivateKey();
  }
}
