package org.keyfleet.gcks.group;

import java.util.HashMap;
import java.util.Map;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.protocol.gikev2.KfChain;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * The wrapping keys of one message, in host memory until it is made: from the group's master by
 * their Key IDs, or derived from a key below.
 */
final class KeyRing implements AutoCloseable {
  private final GroupKeys keys;
  private final KeyWrap algorithm;
  private final Map<Long, Long> origins;
  private final Map<Long, SecretBytes> open = new HashMap<>();

  /**
   * @param origins Key IDs of derived keys, each with that of the key below it
   */
  KeyRing(GroupKeys keys, KeyWrap algorithm, Map<Long, Long> origins) {
    this.keys = keys;
    this.algorithm = algorithm;
    this.origins = origins;
  }

  /** Belongs to the ring. */
  SecretBytes key(long keyId) throws CustodyException {
    SecretBytes key = open.get(keyId);
    if (key == null) {
      Long below = origins.get(keyId);
      key =
          below == null
              ? keys.wrappingKey(keyId, algorithm.keyOctets())
              : derived(key(below), keyId);
      open.put(keyId, key);
    }
    return key;
  }

  private SecretBytes derived(SecretBytes below, long keyId) {
    return KeyDerivation.derive(below, KfChain.label(keyId), algorithm.keyOctets());
  }

  /** The key {@code keyId} under the key {@code kwkId}. */
  WrappedKey wrap(long kwkId, long keyId) throws CustodyException {
    return new WrappedKey(keyId, kwkId, algorithm.wrap(key(kwkId), key(keyId)));
  }

  /** Keying material of an SA (Key ID 0) under the key {@code kwkId}. */
  WrappedKey wrapSaKey(long kwkId, SecretBytes keymat) throws CustodyException {
    return new WrappedKey(0, kwkId, algorithm.wrap(key(kwkId), keymat));
  }

  /** The key {@code keyId} under a default key wrap key (KWK ID 0). */
  WrappedKey wrapUnder(DefaultKwk kwk, long keyId) throws CustodyException {
    Bytes wrapped = kwk.wrap(key(keyId));
    return new WrappedKey(keyId, 0, wrapped);
  }

  @Override
  public void close() {
    open.values().forEach(SecretBytes::close);
    open.clear();
  }
}
