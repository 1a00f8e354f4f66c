package org.keyfleet.agent.group;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.keyfleet.agent.registration.RegistrationResult;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.gikev2.KeyPathPlan;
import org.keyfleet.protocol.gikev2.KfAgree;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** Brings the member's root key into the token, by one of two ways: agreed, or under GSK_w. */
final class RootInstall {
  static final String ROOT_LABEL = "kf.root";
  static final String RELEASING_ROOT_LABEL = "kf.root-releaser";
  private static final String AGREED_LABEL = "kf.agreed";
  private static final int UNCOMPRESSED_POINT = 4; // SEC 1 section 2.3.3

  private final KeyCustody custody;
  private final TokenPath names;
  private final KeyName identity;

  RootInstall(KeyCustody custody, TokenPath names, KeyName identity) {
    this.custody = custody;
    this.names = names;
    this.identity = identity;
  }

  /** KF_AGREE, if it is there and means something. */
  static Optional<KfAgree> agreement(RegistrationResult result) throws MalformedMessageException {
    return result.keyfleetPeer() ? KfAgree.find(result.keys().memberBag()) : Optional.empty();
  }

  static OptionalLong agreedKeyId(Optional<KfAgree> agreement) {
    return agreement.isPresent() ? OptionalLong.of(agreement.get().keyId()) : OptionalLong.empty();
  }

  /**
   * Installs the root and gives the book of the new path.
   *
   * @param gskW stays the caller's
   * @param plan of a registration, with at least one WRAP_KEY
   * @param made gets the name of each persistent object, also when this throws half-way
   */
  KeyPathBook install(
      RegistrationResult result,
      SecretBytes gskW,
      KeyPathPlan.Reachable plan,
      Optional<KfAgree> agreement,
      List<KeyName> made)
      throws CustodyException, NotAuthenticException, InstallException {
    requireCapabilities();
    WrappedKey root = plan.wrapKeys().get(0);
    boolean rootReleases = plan.saKey().kwkId() == root.keyId();
    List<WrappedKey> others =
        KeyPathBook.along(
            plan.pathAfter(), List.of(), plan.wrapKeys().subList(1, plan.wrapKeys().size()));
    KeyName name = names.freshName(ROOT_LABEL);
    Optional<KeyName> releasing = Optional.empty();
    made.add(name);
    if (agreement.isPresent() && root.kwkId() == agreement.get().keyId()) {
      if (rootReleases) {
        throw new CustodyException(
            CustodyFault.POLICY, "an agreed root key was to release keys to the host");
      }
      agreed(root, agreement.get(), name);
    } else {
      try (SecretBytes key = result.keyWrap().unwrap(gskW, root.encryptedKey())) {
        requireAesKey(key.size());
        custody.importRoot(name, key, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
        if (rootReleases) {
          releasing = Optional.of(names.freshName(RELEASING_ROOT_LABEL));
          made.add(releasing.get());
          custody.importRoot(releasing.get(), key, KeyRole.RELEASER, KeyLifetime.PERSISTENT);
        }
      }
    }
    return KeyPathBook.of(plan.pathAfter(), name, releasing, others);
  }

  /** Before anything is written: each try would cost the token's flash a write and an erasure. */
  private void requireCapabilities() throws InstallException {
    Capabilities can = custody.capabilities();
    if (can.maxWrappedOctets() == 0 || !can.derives() || !can.macs()) {
      throw new InstallException(
          InstallException.Kind.POLICY,
          "the token cannot hold a key tree: it must unwrap (RFC 5649), derive and authenticate");
    }
  }

  private static void requireAesKey(int octets) throws InstallException {
    if (octets != 16 && octets != 24 && octets != 32) {
      throw new InstallException(
          InstallException.Kind.KEYS, "the root key has " + octets + " octets");
    }
  }

  /** ECDH, derivation and unwrapping, all in the token. */
  private void agreed(WrappedKey root, KfAgree agreement, KeyName name) throws CustodyException {
    Bytes point = Bytes.concat(Bytes.of(UNCOMPRESSED_POINT), agreement.publicKey());
    KeyRef agreed =
        custody.agree(names.find(identity), point, KfAgree.LABEL, names.freshName(AGREED_LABEL));
    try {
      custody.unwrap(agreed, root.encryptedKey(), name, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    } finally {
      custody.destroy(agreed);
    }
  }
}
