package org.keyfleet.hsm.pkcs11;

import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.params.ECDH1_DERIVE_PARAMS;
import org.xipki.pkcs11.wrapper.params.KEY_DERIVATION_STRING_DATA;

/** {@link KeyDerivation} and ECDH inside the token. */
final class Derivation {
  private Derivation() {}

  static long derive(Session session, long parent, Bytes label, int octets, AttributeVector child)
      throws PKCS11Exception {
    Mechanism mechanism =
        new Mechanism(
            PKCS11Constants.CKM_AES_ECB_ENCRYPT_DATA,
            new KEY_DERIVATION_STRING_DATA(KeyDerivation.input(label, octets).toArray()));
    return session.deriveKey(mechanism, parent, Templates.sealed(child.valueLen(octets)));
  }

  /** The x-coordinate as a key that only derives (CKD_NULL: the one form that all tokens have). */
  static long agree(Session session, long identity, Bytes peerPoint) throws PKCS11Exception {
    Mechanism mechanism =
        new Mechanism(
            PKCS11Constants.CKM_ECDH1_DERIVE,
            new ECDH1_DERIVE_PARAMS(PKCS11Constants.CKD_NULL, null, peerPoint.toArray()));
    return session.deriveKey(
        mechanism,
        identity,
        Templates.sealed(Templates.deriving().valueLen(KeyDerivation.CHILD_OCTETS)));
  }
}
