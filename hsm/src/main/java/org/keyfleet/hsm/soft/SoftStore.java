package org.keyfleet.hsm.soft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** The keys of an open key file, session keys with them. A change is on disk before it is seen. */
final class SoftStore implements AutoCloseable {
  /** How long a look at the file counts, in milliseconds: the calls of one rekey take less. */
  static final long LOOK_MILLIS = 2;

  private static final long LOOK_NANOS = LOOK_MILLIS * 1_000_000;

  private final SoftFile file;
  private final SecureRandom random;
  private final int version;
  private final FileChannel lock;
  private Bytes sealHeader;
  private SecretBytes fileKey;
  private final Map<KeyName, SoftKey> keys = new LinkedHashMap<>();
  private boolean there = true;
  private long lookedNanos = System.nanoTime();

  private SoftStore(
      SoftFile file,
      SecureRandom random,
      int version,
      Bytes sealHeader,
      SecretBytes fileKey,
      FileChannel lock) {
    this.file = file;
    this.random = random;
    this.version = version;
    this.sealHeader = sealHeader;
    this.fileKey = fileKey;
    this.lock = lock;
  }

  /** Makes an empty key file; an existing one is left alone. */
  static void create(Path path, StoreSeal seal, SecureRandom random) throws CustodyException {
    SoftFile file = new SoftFile(path);
    requireFree(file);
    FileChannel lock = file.lock();
    try {
      requireFree(file); // another process may have made it just before
      Bytes sealHeader = seal.newHeader();
      try (SecretBytes fileKey = seal.key(sealHeader);
          SecretBytes empty = StoreCodec.encode(List.of())) {
        file.replace(SealedStore.seal(seal.version(), sealHeader, fileKey, empty, random));
      }
    } finally {
      closeQuietly(lock);
    }
  }

  private static void requireFree(SoftFile file) throws CustodyException {
    if (file.exists()) {
      throw new CustodyException(CustodyFault.EXISTS, "key file " + file + " exists");
    }
  }

  /** Locks before it reads: what is read is what the next write replaces. */
  static SoftStore open(SoftFile file, StoreSeal seal, SecureRandom random)
      throws CustodyException {
    file.requireThere();
    FileChannel lock = file.lock();
    SecretBytes fileKey = null;
    boolean opened = false;
    try {
      SealedStore sealed = SealedStore.parse(file.read(), seal);
      fileKey = sealed.key();
      try (SecretBytes content = sealed.open(fileKey)) {
        SoftStore store =
            new SoftStore(file, random, seal.version(), sealed.sealHeader(), fileKey, lock);
        for (SoftKey key : StoreCodec.decode(content)) {
          store.keys.put(key.name, key);
        }
        opened = true;
        return store;
      }
    } finally {
      if (!opened) {
        if (fileKey != null) {
          fileKey.close();
        }
        closeQuietly(lock);
      }
    }
  }

  /** Whether the file is still where it was, or was when it was looked at last. */
  boolean present() {
    long now = System.nanoTime();
    if (!there || now - lookedNanos > LOOK_NANOS) {
      there = file.exists();
      lookedNanos = now;
    }
    return there;
  }

  Collection<SoftKey> keys() {
    return keys.values();
  }

  @Nullable SoftKey find(KeyName name) {
    return keys.get(name);
  }

  /** Takes the key over, unless it throws. */
  void add(SoftKey key) throws CustodyException {
    if (keys.containsKey(key.name)) {
      throw new CustodyException(CustodyFault.EXISTS, key.name + " exists");
    }
    if (key.lifetime == KeyLifetime.PERSISTENT) {
      List<SoftKey> next = persistent();
      next.add(key);
      write(next);
    }
    keys.put(key.name, key);
  }

  void remove(Collection<SoftKey> removed) throws CustodyException {
    List<SoftKey> next = persistent();
    if (next.removeAll(removed)) {
      write(next);
    }
    for (SoftKey key : removed) {
      keys.remove(key.name);
      key.close();
    }
  }

  void setCertificate(SoftKey identity, Bytes certificate) throws CustodyException {
    Bytes before = identity.certificate;
    identity.certificate = certificate;
    try {
      write(persistent());
    } catch (CustodyException e) {
      identity.certificate = before;
      throw e;
    }
  }

  /** Writes everything under another seal of the same kind; in one step, as each write. */
  void reseal(StoreSeal seal) throws CustodyException {
    Bytes freshHeader = seal.newHeader();
    SecretBytes freshKey = seal.key(freshHeader);
    boolean sealed = false;
    try (SecretBytes content = StoreCodec.encode(persistent())) {
      file.replace(SealedStore.seal(version, freshHeader, freshKey, content, random));
      sealed = true;
    } finally {
      (sealed ? fileKey : freshKey).close();
    }
    sealHeader = freshHeader;
    fileKey = freshKey;
  }

  @Override
  public void close() {
    keys.values().forEach(SoftKey::close);
    keys.clear();
    fileKey.close();
    closeQuietly(lock);
  }

  private List<SoftKey> persistent() {
    List<SoftKey> persistent = new ArrayList<>(keys.values());
    persistent.removeIf(key -> key.lifetime != KeyLifetime.PERSISTENT);
    return persistent;
  }

  private void write(List<SoftKey> persistent) throws CustodyException {
    try (SecretBytes content = StoreCodec.encode(persistent)) {
      file.replace(SealedStore.seal(version, sealHeader, fileKey, content, random));
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing a lock file", e);
    }
  }
}
