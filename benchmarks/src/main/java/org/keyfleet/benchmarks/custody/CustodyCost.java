package org.keyfleet.benchmarks.custody;

import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.pkcs11.KnownAnswers;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** What a member pays: the calls of {@link KeyCustody}, with all that they check. */
final class CustodyCost {
  private static final KeyName CHILD = KeyName.of("child");
  private static final KeyName ROOT = KeyName.of("root");
  private static final KeyName IDENTITY = KeyName.of("identity");
  private static final Bytes LABEL = Bytes.ofUtf8("label");
  private static final Bytes MESSAGE = Bytes.copyOf(new byte[64]);

  private interface Measured {
    long[] nanos() throws CustodyException;
  }

  private final CustodyConfig config;
  private final SecureRandom random;
  private final Cost cost = new Cost();
  private String wrapNote = "";
  private CustodyLevel level = CustodyLevel.HOST;

  CustodyCost(CustodyConfig config, SecureRandom random) {
    this.config = config;
    this.random = random;
  }

  Cost cost() {
    return cost;
  }

  /** The note of the mechanism that unwraps, as the token was measured. */
  String wrapNote() {
    return wrapNote;
  }

  /** As it was measured in the last round. */
  CustodyLevel level() {
    return level;
  }

  void round(int count) throws CustodyException {
    try (KeyCustody custody = CustodyFactory.of(config, random)) {
      custody.open(BackEnd.PIN.toCharArray());
      level = custody.capabilities().level();
      custody.capabilities().notes().forEach(this::note);
      round(custody, count);
    }
  }

  private void note(String name, String found) {
    if (name.startsWith("kwp ") && found.equals("right")) {
      wrapNote = name;
    }
  }

  private void round(KeyCustody custody, int count) throws CustodyException {
    KeyRef parent = create(custody, "parent", KeyRole.KEK_PARENT, KnownAnswers.KEK);
    KeyRef releaser = create(custody, "releaser", KeyRole.RELEASER, KnownAnswers.KEK);
    KeyRef mac = create(custody, "mac", KeyRole.MAC, KnownAnswers.ROOT);
    if (custody.find(ROOT).isEmpty()) {
      custody.generateSecret(ROOT, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
      custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    }
    KeyRef root = custody.find(ROOT).orElseThrow();
    KeyRef identity = custody.find(IDENTITY).orElseThrow();
    measure(
        Operation.UNWRAP,
        () ->
            Timed.nanos(
                count,
                () ->
                    custody.unwrap(
                        parent,
                        KnownAnswers.WRAPPED_ROOT,
                        CHILD,
                        KeyRole.KEK_PARENT,
                        KeyLifetime.SESSION),
                custody::destroy));
    measure(
        Operation.RELEASE,
        () ->
            Timed.nanos(
                count,
                () -> custody.release(releaser, KnownAnswers.WRAPPED_ROOT),
                SecretBytes::close));
    measure(
        Operation.DERIVE,
        () ->
            Timed.nanos(
                count, () -> custody.derive(root, LABEL, CHILD, KeyRole.MAC), custody::destroy));
    measure(Operation.MAC, () -> Timed.nanos(count, () -> custody.mac(mac, MESSAGE), made -> {}));
    measure(
        Operation.SIGN,
        () -> Timed.nanos(count, () -> custody.sign(identity, MESSAGE), made -> {}));
    measure(
        Operation.AGREE,
        () ->
            Timed.nanos(
                count,
                () -> custody.agree(identity, KnownAnswers.PEER_POINT, LABEL, CHILD),
                custody::destroy));
  }

  private void measure(Operation operation, Measured measured) throws CustodyException {
    try {
      cost.add(operation, measured.nanos());
    } catch (CustodyException e) {
      if (e.fault() != CustodyFault.UNSUPPORTED) {
        throw e;
      }
      cost.refused(operation, String.valueOf(e.getMessage()));
    }
  }

  private static KeyRef create(KeyCustody custody, String name, KeyRole role, Bytes value)
      throws CustodyException {
    try (SecretBytes key = SecretBytes.takeFrom(value.toArray())) {
      return custody.importRoot(KeyName.of(name), key, role, KeyLifetime.SESSION);
    }
  }
}
