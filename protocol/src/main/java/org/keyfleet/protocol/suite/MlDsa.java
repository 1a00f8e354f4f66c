package org.keyfleet.protocol.suite;

import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Parameter sets of ML-DSA (FIPS 204 section 4), in its pure form and with an empty context. Each
 * has keys and signatures of one length.
 */
enum MlDsa {
  SET_44(1312, 2420, "30820532300b06096086480165030403110382052100"),
  SET_65(1952, 3309, "308207b2300b0609608648016503040312038207a100");

  /** The seed that ML-DSA.KeyGen_internal makes a key pair of (FIPS 204 section 6.1). */
  static final int SEED_OCTETS = 32;

  private final int keyOctets;
  private final int signatureOctets;
  private final String infoPrefixHex;

  MlDsa(int keyOctets, int signatureOctets, String infoPrefixHex) {
    this.keyOctets = keyOctets;
    this.signatureOctets = signatureOctets;
    this.infoPrefixHex = infoPrefixHex;
  }

  int keyOctets() {
    return keyOctets;
  }

  int signatureOctets() {
    return signatureOctets;
  }

  /** What stands before the key in its SubjectPublicKeyInfo (RFC 9881 section 4). */
  Bytes infoPrefix() {
    return Bytes.fromHex(infoPrefixHex);
  }

  MLDSAParameters parameters() {
    return switch (this) {
      case SET_44 -> MLDSAParameters.ml_dsa_44;
      case SET_65 -> MLDSAParameters.ml_dsa_65;
    };
  }

  boolean has(MLDSAPublicKeyParameters key) {
    return key.getParameters() == parameters();
  }
}
