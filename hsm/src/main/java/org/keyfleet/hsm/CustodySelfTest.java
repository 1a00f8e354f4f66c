package org.keyfleet.hsm;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.hsm.pkcs11.KnownAnswers;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SigningException;

/**
 * Known-answer tests of an open custody through the calls that a member makes, with session keys
 * only: what {@link KeyCustody#open} measures is the token's part, this is all of it.
 */
public final class CustodySelfTest {
  /**
   * One test.
   *
   * @param reason why it did not pass; empty if it did
   */
  public record Line(String name, boolean passed, String reason) {}

  private interface Test {
    boolean passes() throws CustodyException, NotAuthenticException, SigningException;
  }

  private static final int ID_OCTETS = 16;

  private final KeyCustody custody;
  private final SecureRandom random;
  private final List<KeyRef> made = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();

  private CustodySelfTest(KeyCustody custody, SecureRandom random) {
    this.custody = custody;
    this.random = random;
  }

  /**
   * Runs all tests, and leaves no key behind.
   *
   * @param identity signs once, if it is there
   */
  public static List<Line> of(KeyCustody custody, KeyName identity, SecureRandom random)
      throws CustodyException {
    CustodySelfTest test = new CustodySelfTest(custody, random);
    try {
      test.run(identity);
    } finally {
      test.clean();
    }
    return List.copyOf(test.lines);
  }

  private void run(KeyName identity) throws CustodyException {
    test("release a wrapped key", this::releases);
    test("unwrap over two levels, then HMAC", this::unwraps);
    test("refuse a damaged wrap", this::refusesDamage);
    test("refuse to release under a parent", this::parentReleasesNothing);
    Optional<KeyRef> own = custody.find(identity);
    if (own.isPresent()) {
      test("sign with the identity key", () -> signs(identity));
    }
  }

  private boolean releases() throws CustodyException {
    KeyRef releaser = create(KeyRole.RELEASER, KnownAnswers.KEK);
    try (SecretBytes released = custody.release(releaser, KnownAnswers.WRAPPED_20)) {
      return released.matches(KnownAnswers.KEY_20.toArray());
    }
  }

  private boolean unwraps() throws CustodyException {
    KeyRef parent = create(KeyRole.KEK_PARENT, KnownAnswers.KEK);
    KeyRef root = unwrap(parent, KnownAnswers.WRAPPED_ROOT, KeyRole.KEK_PARENT);
    KeyRef mac = unwrap(root, wrapped(KnownAnswers.ROOT, KnownAnswers.HMAC_KEY), KeyRole.MAC);
    return custody.mac(mac, KnownAnswers.HMAC_DATA).equals(KnownAnswers.HMAC_TAG);
  }

  private boolean refusesDamage() throws CustodyException {
    KeyRef parent = create(KeyRole.KEK_PARENT, KnownAnswers.KEK);
    byte[] damaged = KnownAnswers.WRAPPED_ROOT.toArray();
    damaged[damaged.length - 1] ^= 1;
    try {
      unwrap(parent, Bytes.copyOf(damaged), KeyRole.KEK_PARENT);
      return false;
    } catch (CustodyException e) {
      return refused(e, CustodyFault.BAD_WRAP);
    }
  }

  private boolean parentReleasesNothing() throws CustodyException {
    KeyRef parent = create(KeyRole.KEK_PARENT, KnownAnswers.KEK);
    try {
      custody.release(parent, KnownAnswers.WRAPPED_20).close();
      return false;
    } catch (CustodyException e) {
      return refused(e, CustodyFault.POLICY);
    }
  }

  private boolean signs(KeyName identity)
      throws CustodyException, NotAuthenticException, SigningException {
    TokenSigner signer = TokenSigner.of(custody, identity);
    Bytes signature = signer.sign(KnownAnswers.LABEL);
    signer.scheme().verify(signer.subjectPublicKeyInfo(), KnownAnswers.LABEL, signature);
    return true;
  }

  private void test(String name, Test test) throws CustodyException {
    try {
      boolean passes = test.passes();
      lines.add(new Line(name, passes, passes ? "" : "wrong answer"));
    } catch (NotAuthenticException e) {
      lines.add(new Line(name, false, "the signature does not verify"));
    } catch (SigningException e) {
      lines.add(new Line(name, false, String.valueOf(e.getMessage())));
    } catch (CustodyException e) {
      if (e.fault() == CustodyFault.TOKEN_GONE) {
        throw e;
      }
      lines.add(new Line(name, false, String.valueOf(e.getMessage())));
    }
  }

  /** A refusal is right only if the token is still there: a lost one refuses everything. */
  private static boolean refused(CustodyException e, CustodyFault right) throws CustodyException {
    if (e.fault() != right) {
      throw e;
    }
    return true;
  }

  private KeyRef create(KeyRole role, Bytes value) throws CustodyException {
    try (SecretBytes key = SecretBytes.takeFrom(value.toArray())) {
      return kept(custody.importRoot(freshName(), key, role, KeyLifetime.SESSION));
    }
  }

  private KeyRef unwrap(KeyRef parent, Bytes wrapped, KeyRole role) throws CustodyException {
    return kept(custody.unwrap(parent, wrapped, freshName(), role, KeyLifetime.SESSION));
  }

  private KeyRef kept(KeyRef key) {
    made.add(key);
    return key;
  }

  private static Bytes wrapped(Bytes kek, Bytes key) {
    try (SecretBytes under = SecretBytes.takeFrom(kek.toArray());
        SecretBytes inner = SecretBytes.takeFrom(key.toArray())) {
      return KeyWrap.KW_5649_256.wrap(under, inner);
    }
  }

  private KeyName freshName() {
    byte[] id = new byte[ID_OCTETS];
    random.nextBytes(id);
    return new KeyName("self-test", Bytes.copyOf(id));
  }

  private void clean() throws CustodyException {
    for (KeyRef key : made) {
      custody.destroy(key);
    }
  }
}
