package org.keyfleet.hsm.pkcs11;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.soft.StoreSeal;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Custody in a PKCS#11 token. Roles and the owner thread are kept by the caller, {@link
 * org.keyfleet.hsm.CustodyFactory}. Never called here: C_WrapKey, C_Decrypt, C_CopyObject, and
 * CKA_VALUE of a key other than a released one.
 */
public final class Pkcs11Custody implements KeyCustody {
  /** What lives from one open or recover to the next. */
  private record Live(
      TokenSession token,
      SelfTest.Findings findings,
      ObjectIndex index,
      SecretKeys secrets,
      IdentityKeys identities) {}

  private final Pkcs11Uri uri;
  private final boolean lastPinTry;
  private @Nullable Pkcs11Library library;
  private @Nullable Live live;
  private int incarnation;

  /**
   * A custody that is not open yet.
   *
   * @param lastPinTry whether the last try that the token grants for its PIN may be spent
   */
  public Pkcs11Custody(Pkcs11Uri uri, boolean lastPinTry) {
    this.uri = uri;
    this.lastPinTry = lastPinTry;
  }

  @Override
  public Capabilities open(char[] pin) throws CustodyException {
    Pkcs11Library acquired = Pkcs11Library.acquire(uri);
    try {
      Capabilities capabilities = start(acquired, pin);
      library = acquired;
      return capabilities;
    } catch (CustodyException e) {
      acquired.release();
      throw e;
    }
  }

  @Override
  public Capabilities capabilities() {
    if (live == null) {
      throw new IllegalStateException("the token was not measured yet");
    }
    return live.findings().capabilities();
  }

  @Override
  public boolean alive() {
    return live != null && live.token().alive();
  }

  @Override
  public Capabilities recover(char[] pin) throws CustodyException {
    if (library == null) {
      return open(pin);
    }
    if (live != null) {
      live.token().close();
    }
    library.restart();
    return start(library, pin);
  }

  @Override
  public KeyRef importRoot(KeyName name, SecretBytes key, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    Live now = live();
    now.index().requireFree(name);
    return added(name, role, lifetime, now.secrets().create(name, key, role, lifetime));
  }

  @Override
  public KeyRef generateSecret(KeyName name, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    Live now = live();
    now.index().requireFree(name);
    return added(name, role, lifetime, now.secrets().generate(name, role, lifetime));
  }

  @Override
  public Optional<KeyRef> find(KeyName name) throws CustodyException {
    return live().index().find(name).map(key -> key);
  }

  @Override
  public KeyRef unwrap(
      KeyRef parent, Bytes wrapped, KeyName child, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    Live now = live();
    P11Key key = use(parent);
    now.index().requireFree(child);
    return added(child, role, lifetime, now.secrets().unwrap(key, wrapped, child, role, lifetime));
  }

  @Override
  public SecretBytes release(KeyRef releaser, Bytes wrapped) throws CustodyException {
    return live().secrets().release(use(releaser), wrapped);
  }

  @Override
  public KeyRef derive(KeyRef parent, Bytes label, int octets, KeyName child, KeyRole role)
      throws CustodyException {
    Live now = live();
    P11Key key = use(parent);
    now.index().requireFree(child);
    long handle = now.secrets().derive(key.handle(), label, octets, child, role);
    return added(child, role, KeyLifetime.SESSION, handle);
  }

  @Override
  public Bytes mac(KeyRef key, Bytes message) throws CustodyException {
    return Bytes.copyOf(live().secrets().mac(use(key).handle(), message));
  }

  @Override
  public SecretBytes macSecret(KeyRef key, Bytes message) throws CustodyException {
    return SecretBytes.takeFrom(live().secrets().mac(use(key).handle(), message));
  }

  @Override
  public KeyRef generateIdentity(KeyName name, IdentityAlgorithm algorithm)
      throws CustodyException {
    Live now = live();
    now.index().requireFree(name);
    if (!now.findings().capabilities().identities().contains(algorithm)) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the token makes no " + algorithm + " keys");
    }
    long handle = now.identities().generate(name, algorithm);
    P11Key made = added(name, KeyRole.IDENTITY, KeyLifetime.PERSISTENT, handle);
    try {
      now.identities().requireSigns(made, algorithm);
      return made;
    } catch (CustodyException e) {
      destroy(made);
      throw e;
    }
  }

  @Override
  public Bytes publicKeyInfo(KeyRef identity) throws CustodyException {
    return live().identities().publicKeyInfo(use(identity));
  }

  @Override
  public Bytes sign(KeyRef identity, Bytes message) throws CustodyException {
    return live().identities().sign(use(identity), message);
  }

  @Override
  public KeyRef agree(KeyRef identity, Bytes peerPoint, Bytes label, KeyName child)
      throws CustodyException {
    Live now = live();
    P11Key key = use(identity);
    now.index().requireFree(child);
    long shared = now.identities().agree(key, peerPoint);
    try {
      long handle =
          now.secrets()
              .derive(shared, label, KeyDerivation.CHILD_OCTETS, child, KeyRole.KEK_PARENT);
      return added(child, KeyRole.KEK_PARENT, KeyLifetime.SESSION, handle);
    } finally {
      now.token()
          .keep(
              "destroy the shared secret",
              CustodyFault.INTERNAL,
              session -> {
                session.destroyObject(shared);
                return true;
              });
    }
  }

  @Override
  public void storeCertificate(KeyRef identity, Bytes certificate) throws CustodyException {
    live().identities().storeCertificate(use(identity), certificate);
  }

  @Override
  public Optional<Bytes> certificate(KeyRef identity) throws CustodyException {
    return live().identities().certificate(use(identity));
  }

  @Override
  public List<KeyRecord> inventory() throws CustodyException {
    List<KeyRecord> keys = new ArrayList<>(live().index().inventory());
    keys.removeIf(key -> key.name().equals(Ping.NAME));
    return List.copyOf(keys);
  }

  @Override
  public void destroy(KeyRef key) throws CustodyException {
    Live now = live();
    P11Key destroyed = use(key);
    if (destroyed.role() == KeyRole.IDENTITY) {
      now.index().destroyCompanions(destroyed.name());
    }
    now.secrets().destroy(destroyed);
    now.index().remove(destroyed);
  }

  @Override
  public int retainPersistent(Set<KeyName> named) throws CustodyException {
    return live().index().retain(named);
  }

  @Override
  public void close() {
    if (live != null) {
      live.token().close();
      live = null;
    }
    if (library != null) {
      library.release();
      library = null;
    }
  }

  /**
   * What seals the key file of a token that keeps no keys of the tree; empty if it has none yet.
   */
  public Optional<StoreSeal> root(SecureRandom random) throws CustodyException {
    return RootKey.find(live().token(), random).map(root -> root);
  }

  /** Makes what {@link #root} finds. */
  public StoreSeal makeRoot(SecureRandom random) throws CustodyException {
    return RootKey.make(live().token(), random);
  }

  /** Logs in, measures, reads the index; leaves nothing open if one of them fails. */
  private Capabilities start(Pkcs11Library from, char[] pin) throws CustodyException {
    TokenSession token = TokenSession.open(from, uri, pin, lastPinTry);
    incarnation++;
    try {
      SelfTest.Findings findings =
          token.keep(
              "measure the token",
              CustodyFault.INTERNAL,
              session -> SelfTest.of(token.token(), token.quirks()));
      ObjectIndex index =
          new ObjectIndex(
              token,
              (name, role, lifetime, handle) ->
                  new P11Key(name, role, lifetime, incarnation, handle, this));
      index.load();
      SecretKeys secrets = new SecretKeys(token, findings);
      Ping.set(token, findings);
      live = new Live(token, findings, index, secrets, new IdentityKeys(token, index));
      return findings.capabilities();
    } catch (CustodyException e) {
      token.close();
      throw e;
    }
  }

  private Live live() throws CustodyException {
    if (live == null) {
      throw new CustodyException(CustodyFault.TOKEN_GONE, "the token is gone: recover");
    }
    return live;
  }

  private P11Key use(KeyRef ref) throws CustodyException {
    if (!(ref instanceof P11Key key) || key.owner() != this) {
      throw new IllegalArgumentException(ref.name() + " belongs to another custody");
    }
    if (key.incarnation() != incarnation) {
      throw new CustodyException(CustodyFault.TOKEN_GONE, ref.name() + " is of an earlier session");
    }
    if (!live().index().find(ref.name()).filter(key::equals).isPresent()) {
      throw new CustodyException(CustodyFault.NO_KEY, "no key " + ref.name());
    }
    return key;
  }

  private P11Key added(KeyName name, KeyRole role, KeyLifetime lifetime, long handle)
      throws CustodyException {
    P11Key key = new P11Key(name, role, lifetime, incarnation, handle, this);
    live().index().add(key);
    return key;
  }
}
