package org.keyfleet.protocol.suite;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;
import org.keyfleet.protocol.secret.SecretBytes;

/** Key exchange methods, Transform Type 4 (RFC 7296 section 3.3.2, RFC 8031, RFC 5903). */
public enum KeyExchangeMethod {
  CURVE25519(31, 32),
  ECP_256(19, 64),
  ECP_384(20, 96);

  private final int transformId;
  private final int publicOctets;

  KeyExchangeMethod(int transformId, int publicOctets) {
    this.transformId = transformId;
    this.publicOctets = publicOctets;
  }

  public static Optional<KeyExchangeMethod> ofTransformId(int transformId) {
    for (KeyExchangeMethod method : values()) {
      if (method.transformId == transformId) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  public int transformId() {
    return transformId;
  }

  /** The size of a public value on the wire. */
  public int publicOctets() {
    return publicOctets;
  }

  /** A fresh share; the caller closes it. */
  public KeyShare generate(SecureRandom random) {
    return switch (this) {
      case CURVE25519 -> X25519KeyShare.generate(random);
      case ECP_256, ECP_384 -> EcKeyShare.generate(this, random);
    };
  }

  /** A share over a known private value: little-endian for X25519, else big-endian. */
  KeyShare restore(SecretBytes privateValue) {
    return switch (this) {
      case CURVE25519 -> new X25519KeyShare(privateValue.copy());
      case ECP_256, ECP_384 ->
          new EcKeyShare(this, privateValue.use(octets -> new BigInteger(1, octets)));
    };
  }
}
