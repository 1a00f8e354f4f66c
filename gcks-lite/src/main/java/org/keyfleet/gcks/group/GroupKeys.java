package org.keyfleet.gcks.group;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SignatureScheme;

/**
 * The keys of one group. None is stored: each comes from HMAC-SHA256(group master, label | octets |
 * incarnation | id), and the master never leaves the custody. One life of the server gives out an
 * id once (see {@link org.keyfleet.gcks.store.CounterRow}) and each life has its own incarnation,
 * so no two keys are the same, even when the store is put back to an older state. Only the key that
 * signs has no incarnation and no id: members keep its public half.
 */
final class GroupKeys {
  private static final String MASTER_LABEL = "keyfleet-group-master";
  private static final Bytes WRAPPING = Bytes.ofUtf8("keyfleet wrapping key");
  private static final Bytes REKEY_SA = Bytes.ofUtf8("keyfleet rekey sa");
  private static final Bytes DATA_SA = Bytes.ofUtf8("keyfleet data sa");
  private static final Bytes SIGNATURE = Bytes.ofUtf8("keyfleet rekey signature");
  private static final Bytes CHECK = Bytes.ofUtf8("keyfleet check of a master");
  private static final Bytes EXPANSION = Bytes.ofUtf8("keymat");

  private static final int SIGNATURE_SEED_OCTETS = 32; // FIPS 204 section 6.1

  private final KeyCustody custody;
  private final String group;
  private final KeyName name;
  private final Incarnations incarnations = new Incarnations();
  private @Nullable KeyRef master;

  private GroupKeys(KeyCustody custody, String group) {
    this.custody = custody;
    this.group = group;
    this.name = masterName(group);
  }

  static GroupKeys of(KeyCustody custody, String group) {
    return new GroupKeys(custody, group);
  }

  /**
   * Finds the group's master; makes it inside the custody for a group that is new.
   *
   * @param known check value of the master that the group's keys come from; empty for a new group
   * @return the check value, for the store
   */
  Bytes open(Bytes known) throws CustodyException {
    Optional<KeyRef> found = custody.find(name);
    if (found.isEmpty() && !known.isEmpty()) {
      throw wrongMaster("no master key");
    }
    KeyRef opened =
        found.isPresent()
            ? found.get()
            : custody.generateSecret(name, KeyRole.MAC, KeyLifetime.PERSISTENT);
    Bytes check = custody.mac(opened, CHECK);
    if (!known.isEmpty() && !known.equals(check)) {
      throw wrongMaster("another master key");
    }
    master = opened;
    return check;
  }

  private CustodyException wrongMaster(String what) {
    return new CustodyException(
        CustodyFault.NO_KEY,
        "the custody has "
            + what
            + " for group "
            + group
            + " of the store; name the custody that made it, or let all members register anew with"
            + " 'serve --restored'");
  }

  Incarnations incarnations() {
    return incarnations;
  }

  /** A group's name may be longer than an id in a token. */
  static KeyName masterName(String group) {
    try {
      return new KeyName(
          MASTER_LABEL,
          Bytes.copyOf(
                  java.security.MessageDigest.getInstance("SHA-256")
                      .digest(Bytes.ofUtf8(group).toArray()))
              .slice(0, 16));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A key of the tree, a member's root key K_m or the releaser R, by its Key ID. */
  SecretBytes wrappingKey(long keyId, int octets) throws CustodyException {
    return key(WRAPPING, incarnations.ofKeyId(keyId), keyId, octets);
  }

  /** Keying material of a Rekey SA: GSK_e | GSK_a | GSK_w (RFC 9838 section 3.4). */
  SecretBytes rekeySa(long serial, int octets) throws CustodyException {
    return key(REKEY_SA, incarnations.ofSerial(serial), serial, octets);
  }

  /** Keying material of a data SA. */
  SecretBytes dataSa(long serial, int octets) throws CustodyException {
    return key(DATA_SA, incarnations.ofSerial(serial), serial, octets);
  }

  /** The seed of the key of this scheme that signs rekey messages, in every life of the server. */
  SecretBytes signatureSeed(SignatureScheme scheme) throws CustodyException {
    return expand(
        new ByteWriter().bytes(SIGNATURE).u8(0).bytes(scheme.algorithmIdentifier()).toBytes(),
        SIGNATURE_SEED_OCTETS);
  }

  private SecretBytes key(Bytes label, Bytes incarnation, long id, int octets)
      throws CustodyException {
    // one key is asked for at one length only; a short one is the start of the HMAC itself
    return expand(
        new ByteWriter().bytes(label).u8(octets).bytes(incarnation).u64(id).toBytes(), octets);
  }

  private SecretBytes expand(Bytes message, int octets) throws CustodyException {
    try (SecretBytes seed = seed(message)) {
      return octets <= seed.size()
          ? seed.slice(0, octets)
          : Prf.HMAC_SHA2_256.plus(seed, EXPANSION, octets);
    }
  }

  /** A token that was lost and came back knows the master under a new reference. */
  private SecretBytes seed(Bytes message) throws CustodyException {
    KeyRef now = Objects.requireNonNull(master, "the group is not open");
    try {
      return custody.macSecret(now, message);
    } catch (CustodyException e) {
      Optional<KeyRef> again =
          e.fault() == CustodyFault.TOKEN_GONE ? custody.find(name) : Optional.empty();
      if (again.isEmpty() || again.get().incarnation() == now.incarnation()) {
        throw e;
      }
      master = again.get();
      return custody.macSecret(again.get(), message);
    }
  }
}
