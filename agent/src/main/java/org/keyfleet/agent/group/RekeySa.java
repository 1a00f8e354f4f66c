package org.keyfleet.agent.group;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.gikev2.MessageIdGuard;
import org.keyfleet.protocol.gikev2.RekeyAuthentication;
import org.keyfleet.protocol.gikev2.RekeyOpener;
import org.keyfleet.protocol.gikev2.RekeySaKeys;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.RekeySuite;
import org.keyfleet.protocol.gikev2.RekeyVerifier;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** A Rekey SA in host memory: for one epoch, then wiped. */
final class RekeySa implements AutoCloseable {
  /** Ours: after so many plain refreshes without a tree key the SA cannot be restored any more. */
  static final int MAX_KEYMAT_STEPS = 64;

  private final RekeySaPolicy policy;
  private final RekeySuite suite;
  private final RekeySaKeys keys;
  private final RekeyOpener opener;
  private final List<WrappedKey> keymat;
  private final long sinceNanos;
  private final long expiresNanos;

  private RekeySa(
      RekeySaPolicy policy,
      RekeySuite suite,
      RekeySaKeys keys,
      RekeyOpener opener,
      List<WrappedKey> keymat,
      long sinceNanos,
      long expiresNanos) {
    this.policy = policy;
    this.suite = suite;
    this.keys = keys;
    this.opener = opener;
    this.keymat = List.copyOf(keymat);
    this.sinceNanos = sinceNanos;
    this.expiresNanos = expiresNanos;
  }

  /**
   * Makes one of released keying material.
   *
   * @param policy with the GCAUTH of the registration
   * @param keyingMaterial stays the caller's
   * @param keymat how to get it again; empty when there is no way but to register
   */
  static RekeySa of(
      RekeySaPolicy policy,
      SecretBytes keyingMaterial,
      RekeyVerifier verifier,
      MessageIdGuard messageIds,
      List<WrappedKey> keymat,
      long sinceNanos,
      long expiresNanos)
      throws InstallException {
    RekeySuite suite = suite(policy);
    try {
      RekeySaKeys keys = RekeySaKeys.split(keyingMaterial, suite);
      RekeyOpener opener = new RekeyOpener(policy.id(), suite, keys, verifier, messageIds);
      return new RekeySa(policy, suite, keys, opener, keymat, sinceNanos, expiresNanos);
    } catch (MalformedMessageException e) {
      throw new InstallException(InstallException.Kind.KEYS, "the Rekey SA: " + e.getMessage());
    }
  }

  static RekeySuite suite(RekeySaPolicy policy) throws InstallException {
    return RekeySuite.of(policy)
        .orElseThrow(
            () ->
                new InstallException(
                    InstallException.Kind.POLICY, "the Rekey SA uses an unknown algorithm"));
  }

  /** The steps to {@code saKey}, which came over this SA under its GSK_w. */
  List<WrappedKey> refreshedBy(WrappedKey saKey, RekeySuite newSuite) {
    boolean sameSplit = newSuite.equals(suite) || sameAlgorithms(newSuite);
    if (keymat.isEmpty() || keymat.size() >= MAX_KEYMAT_STEPS || !sameSplit) {
      return List.of();
    }
    List<WrappedKey> steps = new ArrayList<>(keymat);
    steps.add(saKey);
    return steps;
  }

  private boolean sameAlgorithms(RekeySuite other) {
    return other.keyWrap() == suite.keyWrap()
        && other.cipher().encryptionKeyOctets() == suite.cipher().encryptionKeyOctets()
        && other.cipher().integrityKeyOctets() == suite.cipher().integrityKeyOctets();
  }

  /** Unwraps what came under this SA's default key wrap key; the caller closes it. */
  SecretBytes unwrap(WrappedKey key) throws NotAuthenticException {
    return suite.keyWrap().unwrap(keys.keyWrap(), key.encryptedKey());
  }

  /** Wraps for the journal. */
  Bytes wrap(SecretBytes key) {
    return suite.keyWrap().wrap(keys.keyWrap(), key);
  }

  RekeySaPolicy policy() {
    return policy;
  }

  /** Whether each message carries the GCKS's signature, so that no member can have made it. */
  boolean signed() {
    return policy
        .authentication()
        .filter(RekeyAuthentication.DigitalSignature.class::isInstance)
        .isPresent();
  }

  RekeySaKeys keys() {
    return keys;
  }

  RekeyOpener opener() {
    return opener;
  }

  List<WrappedKey> keymat() {
    return keymat;
  }

  long sinceNanos() {
    return sinceNanos;
  }

  long expiresNanos() {
    return expiresNanos;
  }

  @Override
  public void close() {
    opener.close();
    keys.close();
  }
}
