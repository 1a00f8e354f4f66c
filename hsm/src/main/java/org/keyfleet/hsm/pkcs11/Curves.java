package org.keyfleet.hsm.pkcs11;

import java.util.List;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.protocol.octets.Bytes;

/** CKA_EC_PARAMS of our curves, and CKA_EC_POINT as tokens give it. */
final class Curves {
  /** The OID secp256r1 (RFC 5480 section 2.1.1.1). */
  static final Bytes P256 = Bytes.fromHex("0608 2a8648ce3d030107");

  /** The OID id-Ed25519 (RFC 8410 section 3). */
  private static final Bytes ED25519_OID = Bytes.fromHex("0603 2b6570");

  /** PrintableString "edwards25519" (PKCS#11 3.0 section 2.3.5). */
  private static final Bytes ED25519_NAME = Bytes.fromHex("130c 656477617264733235353139");

  private static final int OCTET_STRING = 0x04;
  private static final int P256_POINT_OCTETS = 65;
  private static final int ED25519_POINT_OCTETS = 32;

  private Curves() {}

  /** The parameters to try, in this order: tokens agree on neither form for Ed25519. */
  static List<Bytes> parameters(IdentityAlgorithm algorithm) {
    return switch (algorithm) {
      case P256 -> List.of(P256);
      case ED25519 -> List.of(ED25519_OID, ED25519_NAME);
    };
  }

  /** The bare point, whether the token wraps it in an OCTET STRING or not. */
  static Bytes point(IdentityAlgorithm algorithm, Bytes attribute) {
    int octets =
        switch (algorithm) {
          case P256 -> P256_POINT_OCTETS;
          case ED25519 -> ED25519_POINT_OCTETS;
        };
    boolean wrapped =
        attribute.size() == octets + 2
            && attribute.at(0) == OCTET_STRING
            && attribute.at(1) == octets;
    return wrapped ? attribute.slice(2, attribute.size()) : attribute;
  }
}
