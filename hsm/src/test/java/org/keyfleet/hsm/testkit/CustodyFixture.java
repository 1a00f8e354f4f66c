package org.keyfleet.hsm.testkit;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** A fresh, empty, open custody for each test, and what the parts of the contract share. */
public abstract class CustodyFixture {
  protected static final String PIN = "4711-abc";
  protected static final KeyName ROOT = new KeyName("root", Bytes.of(1));
  protected static final KeyName NODE = new KeyName("node", Bytes.of(2));
  protected static final KeyName RELEASER = new KeyName("releaser", Bytes.of(3));
  protected static final KeyName MAC = new KeyName("mac", Bytes.of(4));
  protected static final KeyName IDENTITY = new KeyName("identity", Bytes.of(5));

  protected final SecureRandom random = new SecureRandom();
  protected CustodyConfig config = emptyConfig();
  protected KeyCustody custody = emptyCustody();
  private String reasonNotOffered = "";

  /** Makes an empty store with {@link #PIN}. */
  protected abstract CustodyConfig newStore() throws Exception;

  /** Takes the store away under the open custody. */
  protected abstract void lose() throws Exception;

  /** Puts it back. */
  protected abstract void giveBack() throws Exception;

  /** Whether another process or a raw session could be told apart by role; soft stores cannot. */
  protected abstract boolean enforcesRoles();

  @BeforeEach
  final void openFresh() throws Exception {
    config = newStore();
    custody = CustodyFactory.of(config, random);
    custody.open(PIN.toCharArray());
  }

  @AfterEach
  final void closeAfter() {
    custody.close();
  }

  /**
   * Whether the token offers what a check is about. If it does not, it must refuse it as
   * UNSUPPORTED, and what it says to that stands in the matrix in place of "passed".
   */
  protected final boolean offered(boolean offered, Executable refused) {
    if (!offered) {
      CustodyException refusal = assertFault(CustodyFault.UNSUPPORTED, refused);
      notOffered(String.valueOf(refusal.getMessage()).replace(CustodyFault.UNSUPPORTED + ": ", ""));
    }
    return offered;
  }

  /** The same where there is no call to refuse: a property that the store does not have. */
  protected final void notOffered(String reason) {
    reasonNotOffered = reason;
  }

  final String reasonNotOffered() {
    return reasonNotOffered;
  }

  protected final KeyRef importKey(KeyName name, Bytes key, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    try (SecretBytes secret = SecretBytes.takeFrom(key.toArray())) {
      return custody.importRoot(name, secret, role, lifetime);
    }
  }

  protected final KeyRef importRoot(Bytes key) throws CustodyException {
    return importKey(ROOT, key, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
  }

  protected final Bytes randomKey(int octets) {
    byte[] key = new byte[octets];
    random.nextBytes(key);
    key[octets - 1] |= 1;
    return Bytes.copyOf(key);
  }

  protected final Bytes release(KeyRef releaser, Bytes wrapped) throws CustodyException {
    try (SecretBytes released = custody.release(releaser, wrapped)) {
      return released.use(Bytes::copyOf);
    }
  }

  /** Asserts the fault, and that the message shows none of the keys that a test made. */
  protected static CustodyException assertFault(CustodyFault fault, Executable call) {
    CustodyException thrown = Assertions.assertThrows(CustodyException.class, call);
    Assertions.assertEquals(fault, thrown.fault(), thrown.getMessage());
    return thrown;
  }

  protected static void assertHidden(Map<String, Bytes> secrets, Object shown) {
    secrets.forEach(
        (name, secret) ->
            Assertions.assertFalse(String.valueOf(shown).contains(secret.hex()), name));
  }

  private static CustodyConfig emptyConfig() {
    return new CustodyConfig.Soft(Path.of("not-made-yet"));
  }

  private static KeyCustody emptyCustody() {
    return CustodyFactory.of(emptyConfig(), new SecureRandom());
  }
}
