package org.keyfleet.protocol.suite;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Reads a DER SubjectPublicKeyInfo (RFC 5280 section 4.1): exactly the forms our schemes use, so
 * named curves and uncompressed points only. Anything else is refused before any mathematics.
 */
final class PublicKeyInfo {
  // RFC 8410 section 4; RFC 5480 section 2.1.1 with secp256r1, secp384r1; RFC 3279 section 2.3.1
  private static final Bytes ED25519 = Bytes.fromHex("302a300506032b6570032100");
  private static final Bytes P256 =
      Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
  private static final Bytes P384 =
      Bytes.fromHex("3076301006072a8648ce3d020106052b8104002203620004");
  private static final Bytes RSA = Bytes.fromHex("300d06092a864886f70d0101010500");

  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;

  /** Smaller RSA keys are refused (RFC 8247 section 4.1 and NIST SP 800-131A). */
  static final int MIN_RSA_BITS = 2048;

  /** Ours: larger RSA keys cost too much to verify for a peer that is not authenticated yet. */
  static final int MAX_RSA_BITS = 8192;

  /** Ours: the exponent is the number of multiplications; F4 has 17 bits. */
  private static final int MAX_RSA_EXPONENT_BITS = 32;

  private static final int MAX_OCTETS = 2048;

  private PublicKeyInfo() {}

  /** The key, or empty when it is of no kind, form or size we accept. */
  static Optional<AsymmetricKeyParameter> parse(Bytes der) {
    if (der.size() > MAX_OCTETS) {
      return Optional.empty();
    }
    try {
      if (startsWith(der, ED25519, 32)) {
        return Optional.of(new Ed25519PublicKeyParameters(tail(der, ED25519)));
      }
      if (startsWith(der, P256, 64)) {
        return Optional.of(point(KeyExchangeMethod.ECP_256, der, P256));
      }
      if (startsWith(der, P384, 96)) {
        return Optional.of(point(KeyExchangeMethod.ECP_384, der, P384));
      }
      for (MlDsa set : MlDsa.values()) {
        if (startsWith(der, set.infoPrefix(), set.keyOctets())) {
          byte[] key = tail(der, set.infoPrefix());
          return Optional.of(new MLDSAPublicKeyParameters(set.parameters(), key));
        }
      }
      return Optional.of(rsa(der.reader()));
    } catch (MalformedMessageException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static boolean acceptsSize(RSAKeyParameters key) {
    int bits = key.getModulus().bitLength();
    return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
  }

  private static boolean startsWith(Bytes der, Bytes prefix, int keyOctets) {
    return der.size() == prefix.size() + keyOctets && der.slice(0, prefix.size()).equals(prefix);
  }

  private static byte[] tail(Bytes der, Bytes prefix) {
    return der.slice(prefix.size(), der.size()).toArray();
  }

  /** The constructor of the key checks that the point is on the curve. */
  private static ECPublicKeyParameters point(KeyExchangeMethod curve, Bytes der, Bytes prefix) {
    ECNamedDomainParameters domain = NistCurves.named(curve);
    byte[] encoded = der.slice(prefix.size() - 1, der.size()).toArray();
    return new ECPublicKeyParameters(domain.getCurve().decodePoint(encoded), domain);
  }

  private static RSAKeyParameters rsa(ByteReader in) throws MalformedMessageException {
    ByteReader info = enter(in, SEQUENCE, "public key info");
    in.expectEnd("public key info");
    if (!info.take(RSA.size(), "algorithm").equals(RSA)) {
      throw new MalformedMessageException("public key algorithm is unknown");
    }
    ByteReader bits = enter(info, BIT_STRING, "public key");
    info.expectEnd("public key info");
    if (bits.u8("unused bits") != 0) {
      throw new MalformedMessageException("public key has unused bits");
    }
    ByteReader key = enter(bits, SEQUENCE, "RSA public key");
    bits.expectEnd("public key");
    BigInteger modulus = integer(key, MAX_RSA_BITS, "RSA modulus");
    BigInteger exponent = integer(key, MAX_RSA_EXPONENT_BITS, "RSA exponent");
    key.expectEnd("RSA public key");
    if (modulus.bitLength() < MIN_RSA_BITS) {
      throw new MalformedMessageException("RSA modulus of " + modulus.bitLength() + " bits");
    }
    return new RSAKeyParameters(false, modulus, exponent);
  }

  private static BigInteger integer(ByteReader in, int maxBits, String field)
      throws MalformedMessageException {
    Bytes content = enter(in, INTEGER, field).takeRest();
    boolean padded = content.size() > 1 && content.at(0) == 0;
    if (content.isEmpty() || content.at(0) > 0x7f || (padded && content.at(1) <= 0x7f)) {
      throw new MalformedMessageException(field + ": no positive DER INTEGER");
    }
    BigInteger value = new BigInteger(content.toArray());
    if (value.bitLength() > maxBits) {
      throw new MalformedMessageException(field + " of " + value.bitLength() + " bits");
    }
    return value;
  }

  /** A reader over the content of the next element, whose length is in the shortest form. */
  private static ByteReader enter(ByteReader in, int tag, String field)
      throws MalformedMessageException {
    if (in.u8(field) != tag) {
      throw new MalformedMessageException(field + ": another DER tag");
    }
    int length = in.u8(field);
    int shortest = 0;
    if (length == 0x81) {
      length = in.u8(field);
      shortest = 0x80;
    } else if (length == 0x82) {
      length = in.u16(field);
      shortest = 0x100;
    } else if (length > 0x7f) {
      throw new MalformedMessageException(field + ": DER length form");
    }
    if (length < shortest) {
      throw new MalformedMessageException(field + ": DER length is not the shortest");
    }
    return in.child(length, field);
  }
}
