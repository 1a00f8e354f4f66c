package org.keyfleet.agent.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.gikev2.WorkingKeyPath;
import org.keyfleet.protocol.gikev2.WrappedKey;

/**
 * The Working Key Path (RFC 9838 section 3.3) as ciphertext: which keys, and each wrapped under the
 * next. With the root key in the token it gives all keys back; without it, nothing. Immutable.
 *
 * @param path from the key that wraps the Rekey SA's keys to the member's own, the root
 * @param root where the root is in the token
 * @param releasingRoot where the root stands a second time, as a releaser: in a group so small that
 *     the root itself wraps the Rekey SA's keys
 * @param wraps every key of the path but the root, in the order of the path
 */
record KeyPathBook(
    WorkingKeyPath path, KeyName root, Optional<KeyName> releasingRoot, List<WrappedKey> wraps) {
  /** Ours: deeper than any tree over 2^32 Key IDs. */
  static final int MAX_DEPTH = 64;

  KeyPathBook {
    wraps = List.copyOf(wraps);
    if (path.keyIds().isEmpty() || path.keyIds().size() > MAX_DEPTH) {
      throw new IllegalArgumentException("key path of " + path.keyIds().size() + " keys");
    }
    if (wraps.size() != path.keyIds().size() - 1) {
      throw new IllegalArgumentException("key path " + path + " with " + wraps.size() + " wraps");
    }
  }

  /**
   * A book of what the GCKS sent.
   *
   * @throws InstallException when that is no path: authentic, and still not to be had
   */
  static KeyPathBook of(
      WorkingKeyPath path, KeyName root, Optional<KeyName> releasingRoot, List<WrappedKey> wraps)
      throws InstallException {
    try {
      return new KeyPathBook(path, root, releasingRoot, wraps);
    } catch (IllegalArgumentException e) {
      throw new InstallException(InstallException.Kind.KEYS, String.valueOf(e.getMessage()));
    }
  }

  long rootKeyId() {
    return path.keyIds().get(path.keyIds().size() - 1);
  }

  boolean isRoot(long keyId) {
    return keyId == rootKeyId();
  }

  @Nullable WrappedKey wrap(long keyId) {
    for (WrappedKey wrap : wraps) {
      if (wrap.keyId() == keyId) {
        return wrap;
      }
    }
    return null;
  }

  /** The book after a rekey: keys that left the path are forgotten. */
  KeyPathBook after(WorkingKeyPath newPath, List<WrappedKey> fresh) throws InstallException {
    return of(newPath, root, releasingRoot, along(newPath, wraps, fresh));
  }

  /** The wraps of a path, those of {@code fresh} first, in its order and without the root's. */
  static List<WrappedKey> along(WorkingKeyPath path, List<WrappedKey> known, List<WrappedKey> fresh)
      throws InstallException {
    if (path.keyIds().isEmpty() || path.keyIds().size() > MAX_DEPTH) {
      throw new InstallException(
          InstallException.Kind.KEYS, "key path of " + path.keyIds().size() + " keys");
    }
    Map<Long, WrappedKey> byId = new HashMap<>();
    for (WrappedKey wrap : known) {
      byId.put(wrap.keyId(), wrap);
    }
    for (WrappedKey wrap : fresh) {
      byId.put(wrap.keyId(), wrap);
    }
    List<WrappedKey> ordered = new ArrayList<>();
    for (int i = 0; i < path.keyIds().size() - 1; i++) {
      WrappedKey wrap = byId.get(path.keyIds().get(i));
      if (wrap == null) {
        throw new InstallException(
            InstallException.Kind.KEYS, "key " + path.keyIds().get(i) + " without its wrap");
      }
      ordered.add(wrap);
    }
    return ordered;
  }
}
