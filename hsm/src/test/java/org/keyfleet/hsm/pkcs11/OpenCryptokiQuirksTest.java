package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.testkit.OpenCryptoki;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.Session;

/** The row of {@link KnownTokens} for openCryptoki, measured with the one unwrap that it has. */
final class OpenCryptokiQuirksTest {
  private static final String PIN = "4711-abc";

  @Test
  void tableKnowsIt() throws Exception {
    try (RawSession raw = new RawSession(OpenCryptoki.token(PIN), PIN)) {
      assertEquals(Set.of(Quirk.UNWRAP_IGNORES_ATTRIBUTES), raw.token.quirks());
    }
  }

  @Test
  void readBackFindsOutWhatUnwrapIgnores() throws Exception {
    try (RawSession raw = new RawSession(OpenCryptoki.token(PIN), PIN)) {
      Session session = raw.session();
      Mechanism ecb = new Mechanism(PKCS11Constants.CKM_AES_ECB);
      long kek =
          session.createObject(
              AttributeVector.newAESSecretKey()
                  .token(false)
                  .unwrap(true)
                  .encrypt(true)
                  .value(new byte[32]));
      byte[] key = KnownAnswers.ROOT.toArray();
      AttributeVector guarded =
          Templates.secret(KeyName.of("node"), KeyRole.KEK_PARENT, KeyLifetime.SESSION, false);
      long unwrapped =
          session.unwrapKey(
              ecb, kek, session.encryptSingle(ecb, kek, key), Templates.sealed(guarded));
      assertArrayEquals(key, session.getAttrValues(unwrapped, PKCS11Constants.CKA_VALUE).value());
      assertFalse(
          ReadBack.of(session, unwrapped, KeyRole.KEK_PARENT)
              .fits(KeyRole.KEK_PARENT, KeyLifetime.SESSION));
    }
  }
}
