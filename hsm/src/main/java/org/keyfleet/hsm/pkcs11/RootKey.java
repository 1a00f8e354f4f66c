package org.keyfleet.hsm.pkcs11;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.soft.StoreSeal;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/**
 * The persistent key on which hangs what a token does not keep: it turns the salt of a key file
 * into the key of that file, and nobody does without the token and its PIN. It has no {@code
 * keyfleet:} name, so that no clean-up takes it for a torn key.
 */
final class RootKey implements StoreSeal {
  static final String LABEL = "keyfleet-root";

  private static final int VERSION = 2;
  private static final int SALT_OCTETS = 32;
  private static final int ID_OCTETS = 8;
  private static final Bytes PURPOSE = Bytes.ofUtf8("keyfleet key file ");

  private final TokenSession token;
  private final RootMechanism mechanism;
  private final long handle;
  private final SecureRandom random;

  private RootKey(TokenSession token, RootMechanism mechanism, long handle, SecureRandom random) {
    this.token = token;
    this.mechanism = mechanism;
    this.handle = handle;
    this.random = random;
  }

  /**
   * The root key of the token, if it has one.
   *
   * @throws CustodyException CUSTODY_VIOLATION if the token describes it weaker than it was made
   */
  static Optional<RootKey> find(TokenSession token, SecureRandom random) throws CustodyException {
    return token.work(
        "look for the root key",
        CustodyFault.INTERNAL,
        session -> Optional.ofNullable(find(token, session, random)));
  }

  /**
   * Makes one, by the first way that the token takes and describes as asked.
   *
   * @throws CustodyException UNSUPPORTED with what the token said to each
   */
  static RootKey make(TokenSession token, SecureRandom random) throws CustodyException {
    byte[] id = new byte[ID_OCTETS];
    random.nextBytes(id);
    List<String> refusals = new ArrayList<>();
    for (RootMechanism mechanism : RootMechanism.values()) {
      Optional<String> refusal =
          token.keep(
              "make a root key", CustodyFault.INTERNAL, session -> refusal(session, mechanism, id));
      if (refusal.isEmpty()) {
        return find(token, random).orElseThrow();
      }
      refusals.add(mechanism + ": " + refusal.get());
    }
    throw new CustodyException(
        CustodyFault.UNSUPPORTED, "the token makes no root key; " + String.join(", ", refusals));
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public int headerOctets() {
    return SALT_OCTETS;
  }

  @Override
  public Bytes newHeader() {
    byte[] salt = new byte[SALT_OCTETS];
    random.nextBytes(salt);
    return Bytes.copyOf(salt);
  }

  @Override
  public SecretBytes key(Bytes header) throws CustodyException {
    Bytes label = Bytes.concat(PURPOSE, header);
    byte[] key =
        token.work(
            "use the root key",
            CustodyFault.INTERNAL,
            session -> mechanism.evaluate(session, handle, label));
    try {
      if (key.length != KEY_OCTETS) {
        throw new CustodyException(
            CustodyFault.INTERNAL, "the token's root key gives " + key.length + " octets");
      }
      return SecretBytes.takeFrom(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public CustodyException refusal(Throwable cause) {
    return new CustodyException(
        CustodyFault.CUSTODY_VIOLATION,
        "the key file is damaged, or was not sealed by this token",
        cause);
  }

  /** What the key is, for the notes. */
  @Override
  public String toString() {
    return mechanism.toString();
  }

  /** Makes a root key; what the token refused with, or empty. */
  private static Optional<String> refusal(Session session, RootMechanism mechanism, byte[] id)
      throws PKCS11Exception {
    try {
      long[] made = mechanism.make(session, id);
      if (mechanism.isSound(session, made[0])) {
        return Optional.empty();
      }
      for (long handle : made) {
        session.destroyObject(handle);
      }
      return Optional.of("other attributes than asked");
    } catch (PKCS11Exception e) {
      if (Ckr.fault(e.getErrorCode()).filter(CustodyFault.TOKEN_GONE::equals).isPresent()) {
        throw e;
      }
      return Optional.of(e.getErrorName());
    }
  }

  private static @Nullable RootKey find(TokenSession token, Session session, SecureRandom random)
      throws PKCS11Exception, CustodyException {
    RootKey root = null;
    for (RootMechanism mechanism : RootMechanism.values()) {
      AttributeVector ours =
          new AttributeVector().class_(mechanism.objectClass).token(true).label(LABEL);
      for (long handle : session.findAllObjectsSingle(ours)) {
        if (root != null || !mechanism.isSound(session, handle)) {
          throw new CustodyException(
              CustodyFault.CUSTODY_VIOLATION,
              root != null
                  ? "the token has two keys " + LABEL
                  : "the token's key " + LABEL + " has other attributes than it was made with");
        }
        root = new RootKey(token, mechanism, handle, random);
      }
    }
    return root;
  }
}
