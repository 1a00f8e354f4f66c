package org.keyfleet.hsm.pkcs11;

import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;

/** What only a token that is there answers; some libraries describe one that is long gone. */
final class Ping {
  /** A MAC key of the standard's examples, no secret; not in the inventory. */
  static final KeyName NAME = KeyName.of("ping");

  private static final int RANDOM_OCTETS = 1;

  private Ping() {}

  /**
   * Has {@link TokenSession#alive} ask it: a known tag, or else a random octet if there are any.
   */
  static void set(TokenSession token, SelfTest.Findings findings) throws CustodyException {
    if (findings.capabilities().macs()) {
      setMac(token, findings);
    } else if (hasRandom(token)) {
      token.setPing(session -> session.generateRandom(RANDOM_OCTETS).length == RANDOM_OCTETS);
    }
  }

  private static void setMac(TokenSession token, SelfTest.Findings findings)
      throws CustodyException {
    AttributeVector template =
        Templates.secret(NAME, KeyRole.MAC, KeyLifetime.SESSION, findings.unwrapTemplates())
            .value(KnownAnswers.HMAC_KEY.toArray());
    long key =
        token.keep(
            "make the ping key",
            CustodyFault.INTERNAL,
            session -> session.createObject(Templates.sealed(template)));
    Mechanism hmac = new Mechanism(PKCS11Constants.CKM_SHA256_HMAC);
    token.setPing(
        session ->
            Bytes.copyOf(session.signSingle(hmac, key, KnownAnswers.HMAC_DATA.toArray()))
                .equals(KnownAnswers.HMAC_TAG));
  }

  private static boolean hasRandom(TokenSession token) {
    return Pkcs11Library.info(token.token())
        .filter(info -> info.hasFlagBit(PKCS11Constants.CKF_RNG))
        .isPresent();
  }
}
