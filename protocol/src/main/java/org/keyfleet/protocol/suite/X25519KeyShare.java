package org.keyfleet.protocol.suite;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/** X25519 (RFC 8031, RFC 7748 section 6.1). */
final class X25519KeyShare implements KeyShare {
  private final byte[] privateKey = new byte[X25519.SCALAR_SIZE];
  private final Bytes publicValue;

  X25519KeyShare(SecureRandom random) {
    X25519.generatePrivateKey(random, privateKey);
    byte[] point = new byte[X25519.POINT_SIZE];
    X25519.generatePublicKey(privateKey, 0, point, 0);
    publicValue = Bytes.copyOf(point);
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
    byte[] shared = new byte[X25519.POINT_SIZE];
    // RFC 8031 section 2: an all-zero result MUST be refused
    if (!X25519.calculateAgreement(privateKey, 0, peer.toArray(), 0, shared, 0)) {
      throw new MalformedMessageException("X25519 public value: of small order");
    }
    return SecretBytes.takeFrom(shared);
  }

  @Override
  public void close() {
    Arrays.fill(privateKey, (byte) 0);
  }
}
