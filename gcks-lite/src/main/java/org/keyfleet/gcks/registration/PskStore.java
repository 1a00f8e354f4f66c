package org.keyfleet.gcks.registration;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.keyfleet.gcks.group.MemberId;
import org.keyfleet.protocol.secret.SecretBytes;

/** The members' pre-shared keys. */
public final class PskStore implements AutoCloseable {
  private final Map<String, SecretBytes> keys;

  /** Takes the keys over. */
  public PskStore(Map<String, SecretBytes> keys) {
    this.keys = new HashMap<>(keys);
  }

  public static PskStore empty() {
    return new PskStore(Map.of());
  }

  /** The key stays the store's. */
  Optional<SecretBytes> find(MemberId identity) {
    return Optional.ofNullable(keys.get(identity.text()));
  }

  @Override
  public void close() {
    keys.values().forEach(SecretBytes::close);
  }
}
