package org.keyfleet.hsm.rooted;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.pkcs11.Pkcs11Custody;
import org.keyfleet.hsm.soft.SoftCustody;
import org.keyfleet.hsm.soft.StoreSeal;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * A token as it was measured: one that keeps keys of the tree has them all. One that does not has
 * the identities, if it makes any, and opens the key file that has the rest ({@link
 * CustodyLevel#TOKEN_ROOTED}); the keys in that file are in host memory while it is open, and end
 * there when the token is found gone.
 */
public final class RootedCustody implements KeyCustody {
  private final Pkcs11Custody token;
  private final SoftCustody file;
  private final RootedFile home;

  /** Measured at the last opening; null for a token that keeps all keys itself, and when closed. */
  private @Nullable Capabilities rooted;

  public RootedCustody(Pkcs11Custody token, Path file, SecureRandom random) {
    this.token = token;
    this.file = new SoftCustody(file, random);
    this.home = new RootedFile(file, random);
  }

  @Override
  public Capabilities open(char[] pin) throws CustodyException {
    Capabilities found = token.open(pin);
    try {
      return root(found);
    } catch (CustodyException e) {
      close();
      throw e;
    }
  }

  @Override
  public Capabilities capabilities() {
    return rooted != null ? rooted : token.capabilities();
  }

  @Override
  public boolean alive() {
    if (rooted == null) {
      return token.alive();
    }
    boolean alive = token.alive() && file.alive();
    if (!alive) {
      file.close();
    }
    return alive;
  }

  @Override
  public Capabilities recover(char[] pin) throws CustodyException {
    file.close();
    return root(token.recover(pin));
  }

  @Override
  public KeyRef importRoot(KeyName name, SecretBytes key, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    requireFree(name);
    return secrets().importRoot(name, key, role, lifetime);
  }

  @Override
  public KeyRef generateSecret(KeyName name, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    requireFree(name);
    return secrets().generateSecret(name, role, lifetime);
  }

  @Override
  public Optional<KeyRef> find(KeyName name) throws CustodyException {
    Optional<KeyRef> found = secrets().find(name);
    return found.isPresent() ? found : identities().find(name);
  }

  @Override
  public KeyRef unwrap(
      KeyRef parent, Bytes wrapped, KeyName child, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    requireFree(child);
    return secrets().unwrap(parent, wrapped, child, role, lifetime);
  }

  @Override
  public SecretBytes release(KeyRef releaser, Bytes wrapped) throws CustodyException {
    return secrets().release(releaser, wrapped);
  }

  @Override
  public KeyRef derive(KeyRef parent, Bytes label, int octets, KeyName child, KeyRole role)
      throws CustodyException {
    requireFree(child);
    return secrets().derive(parent, label, octets, child, role);
  }

  @Override
  public Bytes mac(KeyRef key, Bytes message) throws CustodyException {
    return secrets().mac(key, message);
  }

  @Override
  public SecretBytes macSecret(KeyRef key, Bytes message) throws CustodyException {
    return secrets().macSecret(key, message);
  }

  @Override
  public KeyRef generateIdentity(KeyName name, IdentityAlgorithm algorithm)
      throws CustodyException {
    requireFree(name);
    return identities().generateIdentity(name, algorithm);
  }

  @Override
  public Bytes publicKeyInfo(KeyRef identity) throws CustodyException {
    return identities().publicKeyInfo(identity);
  }

  @Override
  public Bytes sign(KeyRef identity, Bytes message) throws CustodyException {
    return identities().sign(identity, message);
  }

  @Override
  public KeyRef agree(KeyRef identity, Bytes peerPoint, Bytes label, KeyName child)
      throws CustodyException {
    if (!capabilities().agrees()) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the token keeps no key that it agreed on");
    }
    requireFree(child);
    return identities().agree(identity, peerPoint, label, child);
  }

  @Override
  public void storeCertificate(KeyRef identity, Bytes certificate) throws CustodyException {
    identities().storeCertificate(identity, certificate);
  }

  @Override
  public Optional<Bytes> certificate(KeyRef identity) throws CustodyException {
    return identities().certificate(identity);
  }

  @Override
  public List<KeyRecord> inventory() throws CustodyException {
    List<KeyRecord> keys = new ArrayList<>(secrets().inventory());
    if (identities() != secrets()) {
      keys.addAll(identities().inventory());
    }
    return List.copyOf(keys);
  }

  @Override
  public void destroy(KeyRef key) throws CustodyException {
    (key.role() == KeyRole.IDENTITY ? identities() : secrets()).destroy(key);
  }

  @Override
  public int retainPersistent(Set<KeyName> named) throws CustodyException {
    int gone = secrets().retainPersistent(named);
    return rooted == null ? gone : gone + token.retainPersistent(named);
  }

  @Override
  public void close() {
    rooted = null;
    file.close();
    token.close();
  }

  /** Opens the key file if the token was found to need one. */
  private Capabilities root(Capabilities found) throws CustodyException {
    rooted = null;
    if (found.level() == CustodyLevel.TOKEN_ROOTED) {
      StoreSeal seal = home.seal(token);
      rooted = rooted(found, file.open(seal), seal);
    }
    return capabilities();
  }

  private Capabilities rooted(Capabilities measured, Capabilities soft, StoreSeal seal) {
    boolean signsItself = !measured.identities().isEmpty();
    Map<String, String> notes = new TreeMap<>(measured.notes());
    notes.put("root", "an " + seal + " key in the token opens the key file");
    notes.put("identities", signsItself ? "in the token" : "in the key file");
    return new Capabilities(
        CustodyLevel.TOKEN_ROOTED,
        false,
        signsItself ? measured.identities() : soft.identities(),
        !signsItself && soft.agrees(),
        soft.derives(),
        soft.chains(),
        soft.macs(),
        soft.maxWrappedOctets(),
        notes);
  }

  /** Where keys live that are no identities. */
  private KeyCustody secrets() {
    return rooted == null ? token : file;
  }

  private KeyCustody identities() {
    boolean inFile = rooted != null && token.capabilities().identities().isEmpty();
    return inFile ? file : token;
  }

  private void requireFree(KeyName name) throws CustodyException {
    if (find(name).isPresent()) {
      throw new CustodyException(CustodyFault.EXISTS, name + " exists");
    }
  }
}
