package org.keyfleet.gcks.group;

import java.util.HashMap;
import java.util.Map;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/** The wrapping keys of one message, in host memory until it is made. */
final class KeyRing implements AutoCloseable {
  private final GroupKeys keys;
  private final KeyWrap algorithm;
  private final Map<Long, SecretBytes> open = new HashMap<>();

  KeyRing(GroupKeys keys, KeyWrap algorithm) {
    this.keys = keys;
    this.algorithm = algorithm;
  }

  /** Belongs to the ring. */
  SecretBytes key(long keyId) throws CustodyException {
    SecretBytes key = open.get(keyId);
    if (key == null) {
      key = keys.wrappingKey(keyId, algorithm.keyOctets());
      open.put(keyId, key);
    }
    return key;
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
