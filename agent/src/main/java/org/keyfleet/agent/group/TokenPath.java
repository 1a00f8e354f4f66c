package org.keyfleet.agent.group;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.gikev2.KfChain;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * The key path of one group inside the token. Keys of the path become session objects when they are
 * needed, by unwrapping down from the root; a rekey writes nothing to the token's flash.
 *
 * <p>A key object unwraps keys that stay inside, or releases keys to the host, never both. The key
 * that wraps the Rekey SA's keying material is therefore unwrapped as a releaser of its own, used
 * once and destroyed; with strict custody it never exists in the other role.
 */
final class TokenPath {
  private static final String KEK_LABEL = "kf.kek";
  private static final String RELEASER_LABEL = "kf.releaser";
  private static final int ID_OCTETS = 12;

  private final KeyCustody custody;
  private final SecureRandom random;
  private final TreePolicy tree;
  private final Map<Long, KeyRef> parents = new HashMap<>();
  private final Set<Long> releasers = new HashSet<>();
  private @Nullable KeyPathBook book;

  TokenPath(KeyCustody custody, SecureRandom random, TreePolicy tree) {
    this.custody = custody;
    this.random = random;
    this.tree = tree;
  }

  /** The path in use; null when the group has no key hierarchy. */
  @Nullable KeyPathBook book() {
    return book;
  }

  /** A random name: a half-made object of an earlier try never carries it. */
  KeyName freshName(String label) {
    byte[] id = new byte[ID_OCTETS];
    random.nextBytes(id);
    return new KeyName(label, Bytes.copyOf(id));
  }

  /** Objects made for a change that is not durable yet. */
  final class Change {
    private final KeyPathBook after;
    private final Map<Long, KeyRef> made = new HashMap<>();
    private final Set<Long> replaced = new HashSet<>();

    private Change(KeyPathBook after, List<WrappedKey> fresh) {
      this.after = after;
      for (WrappedKey wrap : fresh) {
        replaced.add(wrap.keyId());
      }
    }

    KeyPathBook after() {
      return after;
    }

    /** Unwraps the keying material of a Rekey SA; the caller closes it. */
    SecretBytes release(WrappedKey saKey) throws CustodyException {
      long kwkId = saKey.kwkId();
      if (after.isRoot(kwkId)) {
        KeyName name =
            after
                .releasingRoot()
                .orElseThrow(
                    () ->
                        new CustodyException(
                            CustodyFault.POLICY, "the root key does not release keys"));
        return custody.release(find(name), saKey.encryptedKey());
      }
      if (tree.strict() && (made.containsKey(kwkId) || parents.containsKey(kwkId))) {
        throw new CustodyException(
            CustodyFault.POLICY, "strict custody: a key of the tree was to release keys");
      }
      KeyRef releaser = make(wrap(kwkId), RELEASER_LABEL, KeyRole.RELEASER);
      try {
        SecretBytes released = custody.release(releaser, saKey.encryptedKey());
        releasers.add(kwkId);
        return released;
      } finally {
        custody.destroy(releaser);
      }
    }

    /** The key as a parent, made on the way if it is not there yet. */
    private KeyRef parent(long keyId) throws CustodyException {
      if (after.isRoot(keyId)) {
        return find(after.root());
      }
      KeyRef known = made.get(keyId);
      if (known == null && !replaced.contains(keyId)) {
        known = parents.get(keyId);
      }
      if (known != null) {
        return known;
      }
      if (tree.strict() && releasers.contains(keyId)) {
        throw new CustodyException(
            CustodyFault.POLICY, "strict custody: a releaser was to unwrap keys of the tree");
      }
      KeyRole role = tree.chains() ? KeyRole.CHAIN : KeyRole.KEK_PARENT;
      KeyRef fresh = make(wrap(keyId), KEK_LABEL, role);
      made.put(keyId, fresh);
      return fresh;
    }

    private KeyRef make(WrappedKey key, String label, KeyRole role) throws CustodyException {
      KeyRef parent = parent(key.kwkId());
      KeyName name = freshName(label);
      return key.isDerived()
          ? custody.derive(parent, KfChain.label(key.keyId()), tree.chainOctets(), name, role)
          : custody.unwrap(parent, key.encryptedKey(), name, role, KeyLifetime.SESSION);
    }

    private WrappedKey wrap(long keyId) throws CustodyException {
      WrappedKey wrap = after.wrap(keyId);
      if (wrap == null) {
        throw new CustodyException(CustodyFault.NO_KEY, "key " + keyId + " is not on the path");
      }
      return wrap;
    }

    /** The change is durable: what is not on the path any more goes. */
    void commit() {
      List<KeyRef> gone = new ArrayList<>();
      for (Map.Entry<Long, KeyRef> entry : List.copyOf(parents.entrySet())) {
        if (replaced.contains(entry.getKey()) || !after.path().holds(entry.getKey())) {
          gone.add(entry.getValue());
          parents.remove(entry.getKey());
        }
      }
      parents.putAll(made);
      releasers.removeIf(keyId -> !after.path().holds(keyId));
      book = after;
      destroyAll(gone);
    }

    /** The change does not happen: what it made goes. */
    void abort() {
      destroyAll(made.values());
      made.clear();
    }
  }

  /**
   * Prepares a rekey along {@code after}.
   *
   * @param fresh wraps that came with it, also of Key IDs known before
   */
  Change prepare(KeyPathBook after, List<WrappedKey> fresh) {
    return new Change(after, fresh);
  }

  /** After {@code recover}: every session object died with the token's connection. */
  void forgetObjects() {
    parents.clear();
  }

  /** Destroys the session objects; persistent ones are the journal's business. */
  void clear() {
    destroyAll(parents.values());
    parents.clear();
    releasers.clear();
    book = null;
  }

  KeyRef find(KeyName name) throws CustodyException {
    Optional<KeyRef> found = custody.find(name);
    if (found.isEmpty()) {
      throw new CustodyException(CustodyFault.NO_KEY, "the token does not hold " + name);
    }
    return found.get();
  }

  private void destroyAll(Iterable<KeyRef> keys) {
    for (KeyRef key : keys) {
      try {
        custody.destroy(key);
      } catch (CustodyException e) {
        // a session object that cannot be destroyed ends with the session, which is gone then
        return;
      }
    }
  }
}
