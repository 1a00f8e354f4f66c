package org.keyfleet.protocol.suite;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** The curves of RFC 5903, each made when first used. */
final class NistCurves {
  private NistCurves() {}

  /** Named, so that a public key is encoded with the curve's identifier. */
  static ECNamedDomainParameters named(KeyExchangeMethod method) {
    return switch (method) {
      case ECP_256 -> P256.DOMAIN;
      case ECP_384 -> P384.DOMAIN;
      case CURVE25519 -> throw new IllegalArgumentException("no NIST curve: " + method);
    };
  }

  /** The point of a private value, by a multiplication that does not branch on it. */
  static ECPoint publicPoint(ECPrivateKeyParameters key) {
    return new FixedPointCombMultiplier()
        .multiply(key.getParameters().getG(), key.getD())
        .normalize();
  }

  private static ECNamedDomainParameters of(ASN1ObjectIdentifier curve) {
    return new ECNamedDomainParameters(curve, CustomNamedCurves.getByOID(curve));
  }

  private static final class P256 {
    static final ECNamedDomainParameters DOMAIN = of(SECObjectIdentifiers.secp256r1);
  }

  private static final class P384 {
    static final ECNamedDomainParameters DOMAIN = of(SECObjectIdentifiers.secp384r1);
  }
}
