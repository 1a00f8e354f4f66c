package org.keyfleet.protocol.suite;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/** ECDH over a NIST curve (RFC 5903): public values are x | y, the shared secret is x. */
final class EcKeyShare implements KeyShare {
  private static final byte UNCOMPRESSED = 4;

  private final KeyExchangeMethod method;
  private final ECDomainParameters domain;
  private final Bytes publicValue;
  private @Nullable ECPrivateKeyParameters privateKey;

  /**
   * A share over {@code scalar}.
   *
   * @throws IllegalArgumentException when it is not in [1, n-1]
   */
  EcKeyShare(KeyExchangeMethod method, BigInteger scalar) {
    this.method = method;
    this.domain = NistCurves.named(method);
    this.privateKey = new ECPrivateKeyParameters(scalar, domain);
    byte[] point = NistCurves.publicPoint(privateKey).getEncoded(false);
    this.publicValue = Bytes.copyOf(point, 1, point.length);
  }

  static EcKeyShare generate(KeyExchangeMethod method, SecureRandom random) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(NistCurves.named(method), random));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    return new EcKeyShare(method, ((ECPrivateKeyParameters) pair.getPrivate()).getD());
  }

  @Override
  public KeyExchangeMethod method() {
    return method;
  }

  @Override
  public Bytes publicValue() {
    return publicValue;
  }

  @Override
  public SecretBytes agree(Bytes peer) throws MalformedMessageException {
    if (peer.size() != method.publicOctets()) {
      throw new MalformedMessageException(method + " public value: " + peer.size() + " octets");
    }
    ECPrivateKeyParameters live = privateKey;
    if (live == null) {
      throw new IllegalStateException("key share is closed");
    }
    ECDHBasicAgreement agreement = new ECDHBasicAgreement();
    agreement.init(live);
    BigInteger shared =
        agreement.calculateAgreement(new ECPublicKeyParameters(point(peer), domain));
    return SecretBytes.takeFrom(BigIntegers.asUnsignedByteArray(agreement.getFieldSize(), shared));
  }

  /**
   * RFC 6989 section 2.3: the point MUST be on the curve; decoding and the constructor of the key
   * check it.
   */
  private ECPoint point(Bytes peer) throws MalformedMessageException {
    byte[] encoded = new byte[1 + peer.size()];
    encoded[0] = UNCOMPRESSED;
    peer.copyTo(encoded, 1);
    try {
      return domain.validatePublicPoint(domain.getCurve().decodePoint(encoded));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException(method + " public value: not on the curve");
    }
  }

  /**
   * The library holds the private value in an immutable number, which only the garbage collector
   * takes: closing forgets it.
   */
  @Override
  public void close() {
    privateKey = null;
  }

  @Override
  public String toString() {
    return "KeyShare[" + method + "]";
  }
}
