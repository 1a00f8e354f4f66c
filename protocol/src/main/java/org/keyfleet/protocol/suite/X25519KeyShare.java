package org.keyfleet.protocol.suite;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/** X25519 (RFC 8031, RFC 7748 section 6.1). */
final class X25519KeyShare implements KeyShare {
  private final SecretBytes privateKey;
  private final Bytes publicValue;

  /** Takes ownership of {@code privateKey}. */
  X25519KeyShare(SecretBytes privateKey) {
    byte[] point = new byte[X25519.POINT_SIZE];
    privateKey.run(scalar -> X25519.generatePublicKey(scalar, 0, point, 0));
    this.privateKey = privateKey;
    this.publicValue = Bytes.copyOf(point);
  }

  static X25519KeyShare generate(SecureRandom random) {
    byte[] scalar = new byte[X25519.SCALAR_SIZE];
    X25519.generatePrivateKey(random, scalar);
    return new X25519KeyShare(SecretBytes.takeFrom(scalar));
  }

  @Override
  public KeyExchangeMethod method() {
    return KeyExchangeMethod.CURVE25519;
  }

  @Override
  public Bytes publicValue() {
    return publicValue;
  }

  @Override
  public SecretBytes agree(Bytes peer) throws MalformedMessageException {
    if (peer.size() != X25519.POINT_SIZE) {
      throw new MalformedMessageException("X25519 public value: " + peer.size() + " octets");
    }
    byte[] point = peer.toArray();
    byte[] shared = new byte[X25519.POINT_SIZE];
    try {
      // RFC 8031 section 2: an all-zero result MUST be refused
      if (!privateKey.use(scalar -> X25519.calculateAgreement(scalar, 0, point, 0, shared, 0))) {
        throw new MalformedMessageException("X25519 public value: of small order");
      }
      return SecretBytes.takeFrom(shared);
    } finally {
      Arrays.fill(shared, (byte) 0);
    }
  }

  @Override
  public void close() {
    privateKey.close();
  }

  @Override
  public String toString() {
    return "KeyShare[" + method() + "]";
  }
}
