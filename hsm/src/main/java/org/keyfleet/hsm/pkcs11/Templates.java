package org.keyfleet.hsm.pkcs11;

import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.KeyPairTemplate;
import org.xipki.pkcs11.wrapper.PKCS11Constants;

/**
 * The attributes of our objects. Every use is written out, because SoftHSM takes a missing one for
 * true. CKA_MODIFIABLE false comes last and is added by {@link #sealed}: SoftHSM applies a template
 * in order and refuses what follows it.
 */
final class Templates {
  private Templates() {}

  /**
   * A secret key that stays in the token. CKA_DERIVE only where it is needed: with it the host can
   * have chosen blocks encrypted.
   */
  static AttributeVector secret(
      KeyName name, KeyRole role, KeyLifetime lifetime, boolean unwrapTemplates) {
    boolean unwraps = role.unwrapsInside() || role == KeyRole.RELEASER;
    AttributeVector template =
        kind(role)
            .token(lifetime == KeyLifetime.PERSISTENT)
            .private_(true)
            .label(ObjectLabel.of(role, name))
            .id(name.id().toArray())
            .sensitive(true)
            .extractable(false)
            .encrypt(false)
            .decrypt(false)
            .wrap(false)
            .verify(false)
            .sign(role == KeyRole.MAC)
            .derive(role.derives(lifetime))
            .unwrap(unwraps);
    if (unwraps && unwrapTemplates) {
      template.unwrapTemplate(role.unwrapsInside() ? guarded() : released());
    }
    return template;
  }

  /** A key on its way to the host: of any length, so not of an AES type where the token allows. */
  static AttributeVector lent(long keyType) {
    return AttributeVector.newSecretKey(keyType)
        .token(false)
        .private_(true)
        .sensitive(false)
        .extractable(true);
  }

  /** A key that only derives, for the middle of a key agreement. */
  static AttributeVector deriving() {
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
        .derive(true);
  }

  /**
   * An identity.
   *
   * @param usesOnPrivateHalf for {@link Quirk#USES_ON_PRIVATE_HALF}
   */
  static KeyPairTemplate identity(
      KeyName name, IdentityAlgorithm algorithm, byte[] curve, boolean usesOnPrivateHalf) {
    KeyPairTemplate pair =
        new KeyPairTemplate(
            algorithm == IdentityAlgorithm.P256
                ? PKCS11Constants.CKK_EC
                : PKCS11Constants.CKK_EC_EDWARDS);
    String label = ObjectLabel.of(KeyRole.IDENTITY, name);
    pair.privateKey()
        .token(true)
        .private_(true)
        .label(label)
        .id(name.id().toArray())
        .sensitive(true)
        .extractable(false)
        .decrypt(false)
        .unwrap(false)
        .signRecover(false)
        .sign(true)
        .derive(algorithm == IdentityAlgorithm.P256)
        .modifiable(false);
    pair.publicKey()
        .token(true)
        .private_(false)
        .label(label)
        .id(name.id().toArray())
        .ecParams(curve);
    if (!usesOnPrivateHalf) {
      pair.publicKey().encrypt(false).wrap(false).verify(true);
    }
    sealed(pair.publicKey());
    return pair;
  }

  static AttributeVector certificate(KeyName name, byte[] subject, byte[] certificate) {
    return AttributeVector.newX509Certificate()
        .token(true)
        .private_(false)
        .label(ObjectLabel.of(KeyRole.IDENTITY, name))
        .id(name.id().toArray())
        .subject(subject)
        .value(certificate);
  }

  static AttributeVector sealed(AttributeVector template) {
    return template.modifiable(false);
  }

  private static AttributeVector kind(KeyRole role) {
    return role == KeyRole.MAC
        ? AttributeVector.newSecretKey(PKCS11Constants.CKK_GENERIC_SECRET)
        : AttributeVector.newAESSecretKey();
  }

  private static AttributeVector guarded() {
    return new AttributeVector().sensitive(true).extractable(false);
  }

  private static AttributeVector released() {
    return new AttributeVector().sensitive(false).extractable(true);
  }
}
