package org.keyfleet.hsm;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Holds keys and uses them. Key octets enter by {@link #importRoot} and leave by {@link #release}
 * and {@link #macSecret} only; a key that unwraps or derives has no way out.
 *
 * <p>Wrapped keys are AES key wrap with padding (RFC 5649). One thread, the one that called {@link
 * #open}, owns a custody; a call from another one is a bug and throws {@link
 * IllegalStateException}. A reference of another custody throws {@link IllegalArgumentException}.
 */
public interface KeyCustody extends AutoCloseable {

  /**
   * Opens the store and measures what it can do.
   *
   * @param pin stays the caller's, who wipes it; no copy outlives this call
   */
  Capabilities open(char[] pin) throws CustodyException;

  /** What {@link #open} or {@link #recover} measured last. */
  Capabilities capabilities();

  /** Whether the store still answers; if not, {@link #recover} may bring it back. Cheap. */
  boolean alive();

  /**
   * Drops every connection and opens anew, in the same process. All references die, and all session
   * keys with them; persistent keys can be found again.
   */
  Capabilities recover(char[] pin) throws CustodyException;

  /** Puts a key in from outside: the one way in, for provisioning. The key stays the caller's. */
  KeyRef importRoot(KeyName name, SecretBytes key, KeyRole role, KeyLifetime lifetime)
      throws CustodyException;

  /** Makes a random key of 32 octets inside the store. */
  KeyRef generateSecret(KeyName name, KeyRole role, KeyLifetime lifetime) throws CustodyException;

  Optional<KeyRef> find(KeyName name) throws CustodyException;

  /**
   * Unwraps an AES key (16, 24 or 32 octets; for a MAC key 32) that stays in the store.
   *
   * @param parent a {@link KeyRole#KEK_PARENT} or {@link KeyRole#CHAIN}
   * @throws CustodyException BAD_WRAP for a blob that is damaged or of another key, POLICY if
   *     {@code parent} has another role, EXISTS if {@code child} is taken
   */
  KeyRef unwrap(KeyRef parent, Bytes wrapped, KeyName child, KeyRole role, KeyLifetime lifetime)
      throws CustodyException;

  /**
   * Unwraps octets of any length and lends them to the host, which closes them.
   *
   * @param releaser a {@link KeyRole#RELEASER}
   */
  SecretBytes release(KeyRef releaser, Bytes wrapped) throws CustodyException;

  /** Derives a session key of 32 octets. */
  default KeyRef derive(KeyRef parent, Bytes label, KeyName child, KeyRole role)
      throws CustodyException {
    return derive(parent, label, KeyDerivation.CHILD_OCTETS, child, role);
  }

  /**
   * Derives a session key: the first octets of AES-ECB(parent, SHA-256(label)), see {@link
   * KeyDerivation}.
   *
   * @param parent a persistent {@link KeyRole#KEK_PARENT}, or a {@link KeyRole#CHAIN}
   * @param octets of the child, 16 or 32
   */
  KeyRef derive(KeyRef parent, Bytes label, int octets, KeyName child, KeyRole role)
      throws CustodyException;

  /** HMAC-SHA-256 of {@code message} (1 octet or more): 32 octets, for authentication. */
  Bytes mac(KeyRef key, Bytes message) throws CustodyException;

  /**
   * HMAC-SHA-256 of {@code message} (1 octet or more): 32 octets, for use as a key. Keep the
   * messages of one key apart from those given to {@link #mac}, by their first octets or by another
   * key.
   */
  SecretBytes macSecret(KeyRef key, Bytes message) throws CustodyException;

  /**
   * The token's own check of rekey messages; empty when it has none, or when none is demanded of
   * it. Where there is one, {@link #release} lets out only what a message holds that went through
   * it.
   */
  default Optional<RekeyGate> rekeyGate() {
    return Optional.empty();
  }

  /** Keys of subsets from labels in the token; empty when it holds none. */
  default Optional<SubsetKeys> subsetKeys() {
    return Optional.empty();
  }

  /** Makes a persistent identity key inside the store. */
  KeyRef generateIdentity(KeyName name, IdentityAlgorithm algorithm) throws CustodyException;

  /** The DER of the SubjectPublicKeyInfo of an identity (RFC 5280 section 4.1.2.7). */
  Bytes publicKeyInfo(KeyRef identity) throws CustodyException;

  /**
   * Signs {@code message} (1 octet or more): for P-256 the DER of Ecdsa-Sig-Value over SHA-256 (RFC
   * 3279 section 2.2.3), for Ed25519 the 64 octets of RFC 8032.
   */
  Bytes sign(KeyRef identity, Bytes message) throws CustodyException;

  /**
   * Agrees on a session {@link KeyRole#KEK_PARENT} of 32 octets: the x-coordinate of ECDH over
   * P-256, then {@link KeyDerivation} with {@code label}.
   *
   * @param peerPoint the peer's public key, uncompressed, 65 octets; a point off the curve is
   *     BAD_WRAP
   */
  KeyRef agree(KeyRef identity, Bytes peerPoint, Bytes label, KeyName child)
      throws CustodyException;

  /** Keeps the DER certificate of an identity beside it, in place of an earlier one. */
  void storeCertificate(KeyRef identity, Bytes certificate) throws CustodyException;

  Optional<Bytes> certificate(KeyRef identity) throws CustodyException;

  /**
   * Three octets that tell a whole key from a half-made one and from another key; they authenticate
   * nothing. For persistent {@link KeyRole#KEK_PARENT} and {@link KeyRole#MAC} keys.
   */
  default Bytes checkValue(KeyRef key) throws CustodyException {
    return CheckValue.of(this, key);
  }

  /** Every secret and private key that this project made and the store holds now. */
  List<KeyRecord> inventory() throws CustodyException;

  /** Destroys a key; what belongs to an identity goes with it. */
  void destroy(KeyRef key) throws CustodyException;

  /**
   * Destroys every persistent key of this project but the named ones, also half-made ones that a
   * power cut left behind. Keys of other applications stay.
   *
   * @return how many objects went
   */
  int retainPersistent(Set<KeyName> named) throws CustodyException;

  /** Closes the store; session keys end. Never throws, and may be called from any thread. */
  @Override
  void close();
}
