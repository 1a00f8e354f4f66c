package org.keyfleet.hsm.soft;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.ec.P256;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * Custody of level {@link CustodyLevel#HOST}: whoever reads this process's memory has the keys.
 * Roles and the owner thread are kept by the caller, {@link org.keyfleet.hsm.CustodyFactory}.
 */
public final class SoftCustody implements KeyCustody {
  private static final int SECRET_OCTETS = 32;

  private static final int MAX_WRAPPED_OCTETS = KeyWrap.MAX_KEY_OCTETS + 8;

  private static final Capabilities CAPABILITIES =
      new Capabilities(
          CustodyLevel.HOST,
          false,
          EnumSet.allOf(IdentityAlgorithm.class),
          true,
          true,
          true,
          true,
          MAX_WRAPPED_OCTETS,
          Map.of("kwp", "host memory", "store", "AES-256-GCM under Argon2id of the PIN"));

  private final SoftFile file;
  private final SecureRandom random;
  private @Nullable SoftStore store;
  private int incarnation;

  public SoftCustody(Path file, SecureRandom random) {
    this.file = new SoftFile(file);
    this.random = random;
  }

  /**
   * Makes an empty key file.
   *
   * @throws CustodyException EXISTS if there is one
   */
  public static void create(Path file, char[] pin, SecureRandom random) throws CustodyException {
    create(file, new PinSeal(pin, random), random);
  }

  /** The same, sealed otherwise than under a PIN. */
  public static void create(Path file, StoreSeal seal, SecureRandom random)
      throws CustodyException {
    SoftStore.create(file, seal, random);
  }

  /**
   * Seals the key file anew, under another PIN.
   *
   * @throws CustodyException PIN if the old one is wrong; the file is as it was then
   */
  public static void changePin(Path file, char[] oldPin, char[] newPin, SecureRandom random)
      throws CustodyException {
    PinSeal old = new PinSeal(oldPin, random);
    try (SoftStore store = SoftStore.open(new SoftFile(file), old, random)) {
      store.reseal(new PinSeal(newPin, random));
    }
  }

  /**
   * Looks whether there is a key file, and nothing else.
   *
   * @throws CustodyException TOKEN_GONE if there is none
   */
  public static void requireThere(Path file) throws CustodyException {
    new SoftFile(file).requireThere();
  }

  @Override
  public Capabilities open(char[] pin) throws CustodyException {
    return open(new PinSeal(pin, random));
  }

  /** Opens a file that is sealed otherwise than under a PIN. */
  public Capabilities open(StoreSeal seal) throws CustodyException {
    close();
    store = SoftStore.open(file, seal, random);
    incarnation++;
    return CAPABILITIES;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public boolean alive() {
    return store != null && store.present();
  }

  @Override
  public Capabilities recover(char[] pin) throws CustodyException {
    return open(pin);
  }

  @Override
  public KeyRef importRoot(KeyName name, SecretBytes key, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    return add(name, role, lifetime, key.copy());
  }

  @Override
  public KeyRef generateSecret(KeyName name, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    return add(name, role, lifetime, SecretBytes.random(random, SECRET_OCTETS));
  }

  @Override
  public Optional<KeyRef> find(KeyName name) throws CustodyException {
    return Optional.ofNullable(store().find(name)).map(this::ref);
  }

  @Override
  public KeyRef unwrap(
      KeyRef parent, Bytes wrapped, KeyName child, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    SecretBytes key = unwrap(use(parent), wrapped);
    // the padding may hide a length that no AES key has (RFC 5649 section 3)
    if (key.size() != wrapped.size() - 8) {
      key.close();
      throw new CustodyException(CustodyFault.BAD_WRAP, "the wrapped key is no AES key");
    }
    return add(child, role, lifetime, key);
  }

  @Override
  public SecretBytes release(KeyRef releaser, Bytes wrapped) throws CustodyException {
    return unwrap(use(releaser), wrapped);
  }

  @Override
  public KeyRef derive(KeyRef parent, Bytes label, int octets, KeyName child, KeyRole role)
      throws CustodyException {
    SecretBytes derived = KeyDerivation.derive(use(parent).value, label, octets);
    return add(child, role, KeyLifetime.SESSION, derived);
  }

  @Override
  public Bytes mac(KeyRef key, Bytes message) throws CustodyException {
    return Bytes.copyOf(use(key).hmac(message));
  }

  @Override
  public SecretBytes macSecret(KeyRef key, Bytes message) throws CustodyException {
    return SecretBytes.takeFrom(use(key).hmac(message));
  }

  @Override
  public KeyRef generateIdentity(KeyName name, IdentityAlgorithm algorithm)
      throws CustodyException {
    SecretBytes key = SoftIdentity.generate(algorithm, random);
    return add(new SoftKey(name, KeyRole.IDENTITY, KeyLifetime.PERSISTENT, key, algorithm));
  }

  @Override
  public Bytes publicKeyInfo(KeyRef identity) throws CustodyException {
    SoftKey key = use(identity);
    return SoftIdentity.publicKeyInfo(algorithm(key), key.value);
  }

  @Override
  public Bytes sign(KeyRef identity, Bytes message) throws CustodyException {
    SoftKey key = use(identity);
    return SoftIdentity.sign(algorithm(key), key.value, message, random);
  }

  @Override
  public KeyRef agree(KeyRef identity, Bytes peerPoint, Bytes label, KeyName child)
      throws CustodyException {
    SoftKey key = use(identity);
    if (key.algorithm != IdentityAlgorithm.P256) {
      throw new CustodyException(CustodyFault.UNSUPPORTED, key.name + " is no P-256 key");
    }
    try (SecretBytes shared = SoftIdentity.agree(key.value, P256.publicKey(peerPoint))) {
      return add(
          child, KeyRole.KEK_PARENT, KeyLifetime.SESSION, KeyDerivation.derive(shared, label));
    }
  }

  @Override
  public void storeCertificate(KeyRef identity, Bytes certificate) throws CustodyException {
    store().setCertificate(use(identity), certificate);
  }

  @Override
  public Optional<Bytes> certificate(KeyRef identity) throws CustodyException {
    Bytes certificate = use(identity).certificate;
    return certificate.isEmpty() ? Optional.empty() : Optional.of(certificate);
  }

  @Override
  public List<KeyRecord> inventory() throws CustodyException {
    List<KeyRecord> records = new ArrayList<>();
    for (SoftKey key : store().keys()) {
      records.add(new KeyRecord(key.name, key.role, key.lifetime, key.flags()));
    }
    return List.copyOf(records);
  }

  @Override
  public void destroy(KeyRef key) throws CustodyException {
    store().remove(List.of(use(key)));
  }

  @Override
  public int retainPersistent(Set<KeyName> named) throws CustodyException {
    List<SoftKey> unnamed = new ArrayList<>(store().keys());
    unnamed.removeIf(key -> key.lifetime == KeyLifetime.SESSION || named.contains(key.name));
    store().remove(unnamed);
    return unnamed.size();
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
      store = null;
    }
  }

  private SoftStore store() throws CustodyException {
    if (store == null || !store.present()) {
      throw new CustodyException(CustodyFault.TOKEN_GONE, "key file " + file + " is gone");
    }
    return store;
  }

  private SoftKey use(KeyRef ref) throws CustodyException {
    if (!(ref instanceof SoftRef soft) || soft.owner() != this) {
      throw new IllegalArgumentException(ref.name() + " belongs to another custody");
    }
    SoftStore open = store();
    if (soft.incarnation() != incarnation) {
      throw new CustodyException(CustodyFault.TOKEN_GONE, ref.name() + " is of an earlier session");
    }
    SoftKey key = soft.key();
    if (open.find(key.name) != key) {
      throw new CustodyException(CustodyFault.NO_KEY, "no key " + ref.name());
    }
    return key;
  }

  private KeyRef add(KeyName name, KeyRole role, KeyLifetime lifetime, SecretBytes key)
      throws CustodyException {
    return add(new SoftKey(name, role, lifetime, key, null));
  }

  private KeyRef add(SoftKey key) throws CustodyException {
    try {
      store().add(key);
      return ref(key);
    } catch (CustodyException e) {
      key.close();
      throw e;
    }
  }

  private KeyRef ref(SoftKey key) {
    return new SoftRef(key, incarnation, this);
  }

  private static SecretBytes unwrap(SoftKey kek, Bytes wrapped) throws CustodyException {
    for (KeyWrap algorithm : KeyWrap.values()) {
      if (algorithm.keyOctets() == kek.value.size()) {
        try {
          return algorithm.unwrap(kek.value, wrapped);
        } catch (NotAuthenticException e) {
          throw new CustodyException(CustodyFault.BAD_WRAP, "wrapped key does not open", e);
        }
      }
    }
    throw new CustodyException(
        CustodyFault.INTERNAL, kek.name + " has " + kek.value.size() + " octets");
  }

  private static IdentityAlgorithm algorithm(SoftKey identity) {
    return Objects.requireNonNull(identity.algorithm, "an identity has an algorithm");
  }
}
