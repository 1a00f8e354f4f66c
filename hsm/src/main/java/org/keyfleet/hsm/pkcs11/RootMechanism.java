package org.keyfleet.hsm.pkcs11;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.KeyPairTemplate;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11KeyPair;
import org.xipki.pkcs11.wrapper.Session;

/**
 * What a root key computes. Both are functions that only its holder can compute, so that a key file
 * made elsewhere does not open; RSA-OAEP would not do, for anyone can encrypt to a public key.
 */
enum RootMechanism {
  /** {@link KeyDerivation} under an AES-256 key, by CKM_AES_ECB. */
  AES(PKCS11Constants.CKO_SECRET_KEY, KeyFlag.ENCRYPT, "AES-256") {
    @Override
    long[] make(Session session, byte[] id) throws PKCS11Exception {
      AttributeVector template =
          guarded(AttributeVector.newAESSecretKey(), id)
              .encrypt(true)
              .decrypt(false)
              .wrap(false)
              .unwrap(false)
              .sign(false)
              .verify(false)
              .derive(false)
              .valueLen(KeyDerivation.CHILD_OCTETS);
      Mechanism generate = new Mechanism(PKCS11Constants.CKM_AES_KEY_GEN);
      return new long[] {session.generateKey(generate, Templates.sealed(template))};
    }

    @Override
    byte[] evaluate(Session session, long key, Bytes label) throws PKCS11Exception {
      Mechanism ecb = new Mechanism(PKCS11Constants.CKM_AES_ECB);
      return session.encryptSingle(ecb, key, KeyDerivation.input(label).toArray());
    }
  },

  /**
   * SHA-256 of a signature of RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2), which is a function of the
   * message; the key signs nothing else.
   */
  RSA(PKCS11Constants.CKO_PRIVATE_KEY, KeyFlag.SIGN, "RSA-2048") {
    @Override
    long[] make(Session session, byte[] id) throws PKCS11Exception {
      KeyPairTemplate pair = new KeyPairTemplate(PKCS11Constants.CKK_RSA);
      Templates.sealed(guarded(pair.privateKey(), id).sign(true).decrypt(false).unwrap(false));
      pair.publicKey().token(true).label(RootKey.LABEL).id(id);
      Templates.sealed(
          pair.publicKey().modulusBits(MODULUS_BITS).publicExponent(BigInteger.valueOf(65537)));
      Mechanism generate = new Mechanism(PKCS11Constants.CKM_RSA_PKCS_KEY_PAIR_GEN);
      PKCS11KeyPair made = session.generateKeyPair(generate, pair);
      return new long[] {made.getPrivateKey(), made.getPublicKey()};
    }

    @Override
    byte[] evaluate(Session session, long key, Bytes label) throws PKCS11Exception {
      Mechanism sign = new Mechanism(PKCS11Constants.CKM_SHA256_RSA_PKCS);
      return sha256(session.signSingle(sign, key, label.toArray()));
    }
  };

  private static final int MODULUS_BITS = 2048;

  final long objectClass;
  private final KeyFlag use;
  private final String text;

  RootMechanism(long objectClass, KeyFlag use, String text) {
    this.objectClass = objectClass;
    this.use = use;
    this.text = text;
  }

  /** Makes the key; its handle, and that of its public half. */
  abstract long[] make(Session session, byte[] id) throws PKCS11Exception;

  /** 32 octets, which the caller wipes. */
  abstract byte[] evaluate(Session session, long key, Bytes label) throws PKCS11Exception;

  /** Whether the token describes the key as it was asked for. */
  boolean isSound(Session session, long key) throws PKCS11Exception {
    // RSA keys have no CKA_WRAP and CKA_ENCRYPT on the private half, as identities
    KeyRole like = this == AES ? KeyRole.KEK_PARENT : KeyRole.IDENTITY;
    return ReadBack.of(session, key, like).isRoot(use);
  }

  @Override
  public String toString() {
    return text;
  }

  private static AttributeVector guarded(AttributeVector template, byte[] id) {
    return template
        .token(true)
        .private_(true)
        .label(RootKey.LABEL)
        .id(id)
        .sensitive(true)
        .extractable(false);
  }

  private static byte[] sha256(byte[] signature) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(signature);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    } finally {
      Arrays.fill(signature, (byte) 0);
    }
  }
}
