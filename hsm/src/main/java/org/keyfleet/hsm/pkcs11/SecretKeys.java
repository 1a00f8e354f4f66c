package org.keyfleet.hsm.pkcs11;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/** Makes and uses secret keys in the token; hands out handles. */
final class SecretKeys {
  private interface Making {
    long handle() throws CustodyException;
  }

  private final TokenSession token;
  private final SelfTest.Findings findings;

  SecretKeys(TokenSession token, SelfTest.Findings findings) {
    this.token = token;
    this.findings = findings;
  }

  long create(KeyName name, SecretBytes key, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    byte[] octets = key.use(byte[]::clone);
    try {
      AttributeVector template = Templates.sealed(template(name, role, lifetime).value(octets));
      return stored(
          name,
          lifetime,
          Set.of(
              PKCS11Constants.CKR_FUNCTION_FAILED,
              // SoftHSM on a full disk: made, and not there when it is read back
              PKCS11Constants.CKR_OBJECT_HANDLE_INVALID),
          () ->
              token.keep(
                  "put " + name + " in",
                  CustodyFault.INTERNAL,
                  session ->
                      verified(session, session.createObject(template), name, role, lifetime)));
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  long generate(KeyName name, KeyRole role, KeyLifetime lifetime) throws CustodyException {
    Mechanism mechanism =
        new Mechanism(
            role == KeyRole.MAC
                ? PKCS11Constants.CKM_GENERIC_SECRET_KEY_GEN
                : PKCS11Constants.CKM_AES_KEY_GEN);
    AttributeVector template =
        Templates.sealed(template(name, role, lifetime).valueLen(KeyDerivation.CHILD_OCTETS));
    return stored(
        name,
        lifetime,
        Set.of(PKCS11Constants.CKR_FUNCTION_FAILED),
        () ->
            token.keep(
                "make " + name,
                CustodyFault.INTERNAL,
                session ->
                    verified(
                        session, session.generateKey(mechanism, template), name, role, lifetime)));
  }

  long unwrap(P11Key parent, Bytes wrapped, KeyName child, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    Mechanism mechanism = wrapMechanism();
    AttributeVector template = Templates.sealed(template(child, role, lifetime));
    return stored(
        child,
        lifetime,
        Set.of(PKCS11Constants.CKR_FUNCTION_FAILED),
        () ->
            token.keep(
                "unwrap " + child + " under " + parent.name(),
                CustodyFault.BAD_WRAP,
                session ->
                    verified(
                        session,
                        session.unwrapKey(mechanism, parent.handle(), wrapped.toArray(), template),
                        child,
                        role,
                        lifetime)));
  }

  /** Unwraps in the short-lived session, reads once, destroys. */
  SecretBytes release(P11Key releaser, Bytes wrapped) throws CustodyException {
    Mechanism mechanism = wrapMechanism();
    return token.work(
        "release a key under " + releaser.name(),
        CustodyFault.BAD_WRAP,
        session -> {
          long lent =
              session.unwrapKey(
                  mechanism,
                  releaser.handle(),
                  wrapped.toArray(),
                  Templates.lent(findings.lentKeyType()));
          byte[] value = session.getAttrValues(lent, PKCS11Constants.CKA_VALUE).value();
          SecretBytes released =
              SecretBytes.takeFrom(Objects.requireNonNullElseGet(value, () -> new byte[0]));
          try {
            session.destroyObject(lent);
            requireValue(value, releaser);
            return released;
          } catch (PKCS11Exception | CustodyException e) {
            released.close();
            throw e;
          }
        });
  }

  long derive(long parent, Bytes label, int octets, KeyName child, KeyRole role)
      throws CustodyException {
    AttributeVector template = template(child, role, KeyLifetime.SESSION);
    return token.keep(
        "derive " + child,
        CustodyFault.INTERNAL,
        session ->
            verified(
                session,
                Derivation.derive(session, parent, label, octets, template),
                child,
                role,
                KeyLifetime.SESSION));
  }

  /** The caller wipes the result if it is a key. */
  byte[] mac(long key, Bytes message) throws CustodyException {
    return token.work(
        "authenticate",
        CustodyFault.INTERNAL,
        session ->
            session.signSingle(
                new Mechanism(PKCS11Constants.CKM_SHA256_HMAC), key, message.toArray()));
  }

  void destroy(P11Key key) throws CustodyException {
    token.keep(
        "destroy " + key.name(),
        CustodyFault.INTERNAL,
        session -> {
          session.destroyObject(key.handle());
          return true;
        });
  }

  private AttributeVector template(KeyName name, KeyRole role, KeyLifetime lifetime) {
    return Templates.secret(name, role, lifetime, findings.unwrapTemplates());
  }

  private Mechanism wrapMechanism() throws CustodyException {
    WrapMechanism wrap = findings.wrap();
    if (wrap == null) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the token has no AES key wrap with padding (RFC 5649)");
    }
    return wrap.mechanism();
  }

  /** Makes a key that stays, and says so when the token is there and does not store it. */
  private static long stored(KeyName name, KeyLifetime lifetime, Set<Long> notStored, Making making)
      throws CustodyException {
    try {
      return making.handle();
    } catch (CustodyException e) {
      if (lifetime == KeyLifetime.PERSISTENT
          && e.fault() != CustodyFault.TOKEN_GONE
          && notStored.contains(e.vendorCode())) {
        throw new CustodyException(
            CustodyFault.TOKEN_FULL,
            e.vendorCode(),
            "the token does not store " + name + ": is it full, or the disk under it?",
            e);
      }
      throw e;
    }
  }

  /** Destroys a key that the token made weaker than asked, or does not describe. */
  private static long verified(
      Session session, long handle, KeyName name, KeyRole role, KeyLifetime lifetime)
      throws PKCS11Exception, CustodyException {
    return MadeKey.keptIf(
        session,
        handle,
        name.toString(),
        () -> ReadBack.of(session, handle, role),
        read -> read.fits(role, lifetime));
  }

  private static void requireValue(byte @Nullable [] value, P11Key releaser)
      throws CustodyException {
    if (value == null || value.length == 0) {
      throw new CustodyException(
          CustodyFault.POLICY, "the token does not give out what " + releaser.name() + " unwraps");
    }
  }
}
