package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.testkit.Swtpm;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.KeyPairTemplate;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11KeyPair;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.params.RSA_PKCS_OAEP_PARAMS;

/** The rows of {@link KnownTokens} for tpm2-pkcs11, measured. */
final class TpmQuirksTest {
  private static final String PIN = "4711-abc";
  private static final Mechanism EC_PAIR = new Mechanism(PKCS11Constants.CKM_EC_KEY_PAIR_GEN);
  private static final Mechanism OAEP =
      new Mechanism(
          PKCS11Constants.CKM_RSA_PKCS_OAEP,
          new RSA_PKCS_OAEP_PARAMS(
              PKCS11Constants.CKM_SHA256, PKCS11Constants.CKG_MGF1_SHA256, 1, null));

  private Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:");

  @BeforeEach
  void emptyToken() throws Exception {
    uri = Swtpm.token(PIN.toCharArray());
    EmptyToken.of(uri, PIN);
  }

  @Test
  void tableKnowsIt() throws Exception {
    try (RawSession raw = new RawSession(uri, PIN)) {
      assertEquals(
          EnumSet.complementOf(EnumSet.of(Quirk.UNWRAP_IGNORES_ATTRIBUTES)), raw.token.quirks());
    }
  }

  @Test
  void failedOperationStaysInItsSessionAndNotInOurs() throws Exception {
    try (RawSession raw = new RawSession(uri, PIN)) {
      long key = rsaKey(raw.session());
      Session session = raw.session();
      assertCode(PKCS11Constants.CKR_GENERAL_ERROR, session, key);
      assertCode(PKCS11Constants.CKR_OPERATION_ACTIVE, session, key);
      for (int i = 0; i < 3; i++) {
        CustodyException refused =
            assertThrows(
                CustodyException.class,
                () ->
                    raw.token.work(
                        "decrypt",
                        CustodyFault.BAD_WRAP,
                        ours -> ours.decryptSingle(OAEP, key, new byte[256])));
        assertEquals(PKCS11Constants.CKR_GENERAL_ERROR, refused.vendorCode());
        assertEquals(CustodyFault.BAD_WRAP, refused.fault());
      }
    }
  }

  @Test
  void usesOfThePublicHalfTurnUpOnThePrivateOne() throws Exception {
    KeyName name = KeyName.of("identity");
    try (RawSession raw = new RawSession(uri, PIN)) {
      Session session = raw.session();
      KeyPairTemplate common = new KeyPairTemplate(PKCS11Constants.CKK_EC);
      common.privateKey().token(true).private_(true).sensitive(true).extractable(false).sign(true);
      common.publicKey().token(true).ecParams(Curves.P256.toArray()).verify(true);
      long usual = session.generateKeyPair(EC_PAIR, common).getPrivateKey();
      ReadBack read = ReadBack.of(session, usual, KeyRole.IDENTITY);
      assertTrue(read.flags().contains(KeyFlag.DECRYPT), read.toString());

      KeyPairTemplate ours =
          Templates.identity(name, IdentityAlgorithm.P256, Curves.P256.toArray(), true);
      long asked = session.generateKeyPair(EC_PAIR, ours).getPrivateKey();
      read = ReadBack.of(session, asked, KeyRole.IDENTITY);
      assertTrue(read.fits(KeyRole.IDENTITY, KeyLifetime.PERSISTENT), read.toString());
    }
  }

  /** The note changes, the key stays: its octets are not to be had either way. */
  @Test
  void attributesAreNotes() throws Exception {
    try (RawSession raw = new RawSession(uri, PIN)) {
      Session session = raw.session();
      KeyPairTemplate pair =
          Templates.identity(
              KeyName.of("identity"), IdentityAlgorithm.P256, Curves.P256.toArray(), true);
      long key = session.generateKeyPair(EC_PAIR, pair).getPrivateKey();
      session.setAttributeValues(key, new AttributeVector().extractable(true));
      session.setAttributeValues(key, new AttributeVector().sensitive(false));
      Set<KeyFlag> flags = ReadBack.of(session, key, KeyRole.IDENTITY).flags();
      assertTrue(flags.contains(KeyFlag.EXTRACTABLE));
      assertFalse(flags.contains(KeyFlag.MODIFIABLE));
      assertEquals(null, session.getAttrValues(key, PKCS11Constants.CKA_VALUE).value());
    }
  }

  private static long rsaKey(Session session) throws PKCS11Exception {
    KeyPairTemplate pair = new KeyPairTemplate(PKCS11Constants.CKK_RSA);
    pair.privateKey().token(true).private_(true).sensitive(true).extractable(false);
    pair.publicKey().token(true).modulusBits(2048).publicExponent(BigInteger.valueOf(65537));
    PKCS11KeyPair made =
        session.generateKeyPair(new Mechanism(PKCS11Constants.CKM_RSA_PKCS_KEY_PAIR_GEN), pair);
    return made.getPrivateKey();
  }

  private static void assertCode(long code, Session session, long key) {
    PKCS11Exception thrown =
        assertThrows(PKCS11Exception.class, () -> session.decryptSingle(OAEP, key, new byte[256]));
    assertEquals(code, thrown.getErrorCode());
  }
}
