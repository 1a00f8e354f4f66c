package org.keyfleet.protocol.suite;

import java.util.Optional;
import org.bouncycastle.crypto.DataLengthException;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.RFC5649WrapEngine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Key wrap algorithms, Transform Type 13 (RFC 9838 section 4.4.2.1.2): AES key wrap with padding
 * (RFC 5649).
 */
public enum KeyWrap {
  KW_5649_128(1, 16),
  KW_5649_192(2, 24),
  KW_5649_256(3, 32);

  /** RFC 9838 section 4.4.2.1.2: key wrap algorithms can wrap up to 256 octets. */
  public static final int MAX_KEY_OCTETS = 256;

  private static final int BLOCK_OCTETS = 8;

  private final int transformId;
  private final int keyOctets;

  KeyWrap(int transformId, int keyOctets) {
    this.transformId = transformId;
    this.keyOctets = keyOctets;
  }

  public static Optional<KeyWrap> ofTransformId(int transformId) {
    for (KeyWrap wrap : values()) {
      if (wrap.transformId == transformId) {
        return Optional.of(wrap);
      }
    }
    return Optional.empty();
  }

  public int transformId() {
    return transformId;
  }

  public int keyOctets() {
    return keyOctets;
  }

  /** Wraps {@code key}, 1 to {@value #MAX_KEY_OCTETS} octets. */
  public Bytes wrap(SecretBytes kek, SecretBytes key) {
    requireKeySize(kek);
    if (key.size() < 1 || key.size() > MAX_KEY_OCTETS) {
      throw new IllegalArgumentException("a key of " + key.size() + " octets");
    }
    return kek.use(
        kekOctets -> {
          RFC5649WrapEngine engine = new RFC5649WrapEngine(AESEngine.newInstance());
          engine.init(true, new KeyParameter(kekOctets));
          return key.use(octets -> Bytes.copyOf(engine.wrap(octets, 0, octets.length)));
        });
  }

  /** Unwraps what {@link #wrap} made. */
  public SecretBytes unwrap(SecretBytes kek, Bytes wrapped) throws NotAuthenticException {
    requireKeySize(kek);
    if (wrapped.size() < 2 * BLOCK_OCTETS
        || wrapped.size() > MAX_KEY_OCTETS + BLOCK_OCTETS
        || wrapped.size() % BLOCK_OCTETS != 0) {
      throw new NotAuthenticException();
    }
    Optional<SecretBytes> key = kek.use(kekOctets -> open(kekOctets, wrapped.toArray()));
    return key.orElseThrow(NotAuthenticException::new);
  }

  private static Optional<SecretBytes> open(byte[] kek, byte[] wrapped) {
    RFC5649WrapEngine engine = new RFC5649WrapEngine(AESEngine.newInstance());
    engine.init(false, new KeyParameter(kek));
    try {
      return Optional.of(SecretBytes.takeFrom(engine.unwrap(wrapped, 0, wrapped.length)));
    } catch (InvalidCipherTextException | DataLengthException e) {
      return Optional.empty();
    }
  }

  private void requireKeySize(SecretBytes kek) {
    if (kek.size() != keyOctets) {
      throw new IllegalArgumentException(this + " with a key of " + kek.size() + " octets");
    }
  }
}
