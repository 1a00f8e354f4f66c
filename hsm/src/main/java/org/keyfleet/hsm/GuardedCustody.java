package org.keyfleet.hsm;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * What every back end has in common: the owner thread, the roles, the sizes. The lock is for {@link
 * #close} alone, which waits for a call under way.
 */
final class GuardedCustody implements KeyCustody {
  /** KWP makes one block of 16 octets at least (RFC 5649 section 4.1). */
  private static final int MIN_WRAPPED_OCTETS = 16;

  private static final int SEMIBLOCK_OCTETS = 8;
  private static final Set<Integer> KEY_OCTETS = Set.of(16, 24, 32);
  private static final int SECRET_OCTETS = 32;

  private final KeyCustody backEnd;
  private @Nullable Thread owner;

  /** Of the last opening; a token that is gone since has none of its own. */
  private @Nullable Capabilities measured;

  GuardedCustody(KeyCustody backEnd) {
    this.backEnd = backEnd;
  }

  @Override
  public synchronized Capabilities open(char[] pin) throws CustodyException {
    if (owner != null) {
      throw new IllegalStateException("custody is open");
    }
    Capabilities found = backEnd.open(pin);
    measured = found;
    owner = Thread.currentThread();
    return found;
  }

  @Override
  public synchronized Capabilities capabilities() {
    requireOwner();
    return lastMeasured();
  }

  @Override
  public synchronized boolean alive() {
    requireOwner();
    return backEnd.alive();
  }

  @Override
  public synchronized Capabilities recover(char[] pin) throws CustodyException {
    requireOwner();
    Capabilities found = backEnd.recover(pin);
    measured = found;
    return found;
  }

  @Override
  public synchronized KeyRef importRoot(
      KeyName name, SecretBytes key, KeyRole role, KeyLifetime lifetime) throws CustodyException {
    requireOwner();
    requireSecretRole(role);
    if (!fits(key.size(), role)) {
      throw new IllegalArgumentException(role + " of " + key.size() + " octets");
    }
    return backEnd.importRoot(name, key, role, lifetime);
  }

  @Override
  public synchronized KeyRef generateSecret(KeyName name, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    requireOwner();
    requireSecretRole(role);
    return backEnd.generateSecret(name, role, lifetime);
  }

  @Override
  public synchronized Optional<KeyRef> find(KeyName name) throws CustodyException {
    requireOwner();
    return backEnd.find(name);
  }

  @Override
  public synchronized KeyRef unwrap(
      KeyRef parent, Bytes wrapped, KeyName child, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    requireOwner();
    requireSecretRole(role);
    if (!parent.role().unwrapsInside()) {
      throw new CustodyException(
          CustodyFault.POLICY,
          parent.name() + " is a " + parent.role() + ": cannot unwrap into the store");
    }
    if (role == KeyRole.CHAIN && lifetime != KeyLifetime.SESSION) {
      throw new IllegalArgumentException("a chain key is a session key");
    }
    requireWrapped(wrapped);
    if (!fits(wrapped.size() - SEMIBLOCK_OCTETS, role)) {
      throw new CustodyException(
          CustodyFault.BAD_WRAP, "no " + role + " is wrapped in " + wrapped.size() + " octets");
    }
    return backEnd.unwrap(parent, wrapped, child, role, lifetime);
  }

  @Override
  public synchronized SecretBytes release(KeyRef releaser, Bytes wrapped) throws CustodyException {
    requireOwner();
    requireRole(releaser, KeyRole.RELEASER, "release to the host");
    requireWrapped(wrapped);
    return backEnd.release(releaser, wrapped);
  }

  @Override
  public synchronized KeyRef derive(
      KeyRef parent, Bytes label, int octets, KeyName child, KeyRole role) throws CustodyException {
    requireOwner();
    requireSecretRole(role);
    if (!parent.role().derives(parent.lifetime())) {
      throw new CustodyException(
          CustodyFault.POLICY,
          parent.name() + " is a " + parent.lifetime() + " " + parent.role() + ": cannot derive");
    }
    if (!fits(octets, role) || octets % KeyDerivation.BLOCK_OCTETS != 0) {
      throw new IllegalArgumentException("a derived " + role + " of " + octets + " octets");
    }
    return backEnd.derive(parent, label, octets, child, role);
  }

  @Override
  public synchronized Bytes mac(KeyRef key, Bytes message) throws CustodyException {
    requireOwner();
    requireRole(key, KeyRole.MAC, "authenticate");
    requireContent(message);
    return backEnd.mac(key, message);
  }

  @Override
  public synchronized SecretBytes macSecret(KeyRef key, Bytes message) throws CustodyException {
    requireOwner();
    requireRole(key, KeyRole.MAC, "authenticate");
    requireContent(message);
    return backEnd.macSecret(key, message);
  }

  @Override
  public synchronized Optional<RekeyGate> rekeyGate() {
    requireOwner();
    return backEnd.rekeyGate();
  }

  @Override
  public synchronized Optional<SubsetKeys> subsetKeys() {
    requireOwner();
    return backEnd.subsetKeys();
  }

  @Override
  public synchronized KeyRef generateIdentity(KeyName name, IdentityAlgorithm algorithm)
      throws CustodyException {
    requireOwner();
    return backEnd.generateIdentity(name, algorithm);
  }

  @Override
  public synchronized Bytes publicKeyInfo(KeyRef identity) throws CustodyException {
    requireOwner();
    requireRole(identity, KeyRole.IDENTITY, "show a public key");
    return backEnd.publicKeyInfo(identity);
  }

  @Override
  public synchronized Bytes sign(KeyRef identity, Bytes message) throws CustodyException {
    requireOwner();
    requireRole(identity, KeyRole.IDENTITY, "sign");
    requireContent(message);
    return backEnd.sign(identity, message);
  }

  @Override
  public synchronized KeyRef agree(KeyRef identity, Bytes peerPoint, Bytes label, KeyName child)
      throws CustodyException {
    requireOwner();
    requireRole(identity, KeyRole.IDENTITY, "agree on a key");
    return backEnd.agree(identity, peerPoint, label, child);
  }

  @Override
  public synchronized void storeCertificate(KeyRef identity, Bytes certificate)
      throws CustodyException {
    requireOwner();
    requireRole(identity, KeyRole.IDENTITY, "carry a certificate");
    backEnd.storeCertificate(identity, certificate);
  }

  @Override
  public synchronized Optional<Bytes> certificate(KeyRef identity) throws CustodyException {
    requireOwner();
    requireRole(identity, KeyRole.IDENTITY, "carry a certificate");
    return backEnd.certificate(identity);
  }

  @Override
  public synchronized Bytes checkValue(KeyRef key) throws CustodyException {
    return CheckValue.of(this, key);
  }

  @Override
  public synchronized List<KeyRecord> inventory() throws CustodyException {
    requireOwner();
    return backEnd.inventory();
  }

  @Override
  public synchronized void destroy(KeyRef key) throws CustodyException {
    requireOwner();
    backEnd.destroy(key);
  }

  @Override
  public synchronized int retainPersistent(Set<KeyName> named) throws CustodyException {
    requireOwner();
    return backEnd.retainPersistent(named);
  }

  @Override
  public synchronized void close() {
    if (owner != null) {
      backEnd.close();
      owner = null;
    }
  }

  private Capabilities lastMeasured() {
    return Objects.requireNonNull(measured, "measured when it was opened");
  }

  private void requireOwner() {
    if (owner == null) {
      throw new IllegalStateException("custody is not open");
    }
    if (owner != Thread.currentThread()) {
      throw new IllegalStateException("custody belongs to thread " + owner.getName());
    }
  }

  private static void requireSecretRole(KeyRole role) {
    if (role == KeyRole.IDENTITY) {
      throw new IllegalArgumentException("an identity is generated in the store only");
    }
  }

  private static void requireRole(KeyRef key, KeyRole role, String use) throws CustodyException {
    if (key.role() != role) {
      throw new CustodyException(
          CustodyFault.POLICY, key.name() + " is a " + key.role() + ": cannot " + use);
    }
  }

  /** PKCS#11 libraries take a pointer to nothing for a missing argument. */
  private static void requireContent(Bytes message) {
    if (message.isEmpty()) {
      throw new IllegalArgumentException("a message has an octet at least");
    }
  }

  private void requireWrapped(Bytes wrapped) throws CustodyException {
    int size = wrapped.size();
    int max = lastMeasured().maxWrappedOctets();
    if (max == 0) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the token does not unwrap (RFC 5649), or not for itself");
    }
    if (size < MIN_WRAPPED_OCTETS || size > max || size % SEMIBLOCK_OCTETS != 0) {
      throw new CustodyException(CustodyFault.BAD_WRAP, "wrapped key of " + size + " octets");
    }
  }

  private static boolean fits(int keyOctets, KeyRole role) {
    return role == KeyRole.MAC ? keyOctets == SECRET_OCTETS : KEY_OCTETS.contains(keyOctets);
  }
}
