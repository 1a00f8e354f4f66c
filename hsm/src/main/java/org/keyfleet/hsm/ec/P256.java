package org.keyfleet.hsm.ec;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.octets.Bytes;

/** NIST P-256 (SEC 2 section 2.4.2): parameters, points and signatures, nothing secret. */
public final class P256 {
  /** Octets of a field element, of the group order and of half a raw signature. */
  public static final int FIELD_OCTETS = 32;

  /** Octets of an uncompressed point (SEC 1 section 2.3.3). */
  public static final int POINT_OCTETS = 65;

  private static final int UNCOMPRESSED = 0x04;

  private P256() {}

  public static ECDomainParameters domain() {
    return Domain.PARAMETERS;
  }

  /**
   * Reads a peer's point. The check is ours and not left to a token: a point off the curve would
   * leak the static private key (RFC 6989 section 2.3).
   */
  public static ECPublicKeyParameters publicKey(Bytes point) throws CustodyException {
    if (point.size() != POINT_OCTETS || point.at(0) != UNCOMPRESSED) {
      throw new CustodyException(
          CustodyFault.BAD_WRAP, "public key: not an uncompressed P-256 point");
    }
    try {
      return new ECPublicKeyParameters(
          domain().getCurve().decodePoint(point.toArray()), Domain.PARAMETERS);
    } catch (IllegalArgumentException e) {
      throw new CustodyException(CustodyFault.BAD_WRAP, "public key: not a point of P-256", e);
    }
  }

  /** Turns r | s, as tokens give it, into the DER of Ecdsa-Sig-Value (RFC 3279 section 2.2.3). */
  public static Bytes derOfRawSignature(byte[] raw) throws CustodyException {
    if (raw.length != 2 * FIELD_OCTETS) {
      throw new CustodyException(
          CustodyFault.INTERNAL, "the token's signature has " + raw.length + " octets, not 64");
    }
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(raw, 0, FIELD_OCTETS));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(raw, FIELD_OCTETS, raw.length));
    return derSignature(r, s);
  }

  public static Bytes derSignature(BigInteger r, BigInteger s) throws CustodyException {
    try {
      return Bytes.copyOf(StandardDSAEncoding.INSTANCE.encode(domain().getN(), r, s));
    } catch (IOException | IllegalArgumentException e) {
      throw new CustodyException(CustodyFault.INTERNAL, "signature out of range", e);
    }
  }

  /** Loaded with the first key agreement or signature, not with the class. */
  private static final class Domain {
    static final ECDomainParameters PARAMETERS = parameters();

    private static ECDomainParameters parameters() {
      X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
      return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    }
  }
}
