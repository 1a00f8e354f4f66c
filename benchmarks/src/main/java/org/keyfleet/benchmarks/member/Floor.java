package org.keyfleet.benchmarks.member;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;

/** What no member can do without: the same token calls and the same verifications, and no more. */
final class Floor implements AutoCloseable {
  private static final Bytes LABEL = Bytes.ofUtf8("a label of sixte");
  private static final SignatureScheme SCHEME = SignatureScheme.ED25519;

  private final KeyCustody custody;
  private final TokenWork work;
  private final KeyWrap algorithm;
  private final KeyRef root;
  private final List<Bytes> chain = new ArrayList<>();
  private final List<Bytes> messages;
  private final List<Bytes> signatures = new ArrayList<>();
  private final Bytes publicKey;
  private int names;

  /**
   * @param work of one rekey
   * @param messages of that rekey, by their lengths
   */
  Floor(KeyCustody custody, TokenWork work, KeyWrap algorithm, List<Bytes> messages)
      throws CustodyException, SigningException {
    this.custody = custody;
    this.work = work;
    this.algorithm = algorithm;
    this.messages = List.copyOf(messages);
    SecureRandom random = new SecureRandom();
    SoftSigner signer = SoftSigner.generate(SCHEME, random);
    this.publicKey = signer.subjectPublicKeyInfo();
    for (Bytes message : messages) {
      signatures.add(signer.sign(message));
    }
    SecretBytes key = SecretBytes.random(random, algorithm.keyOctets());
    this.root = custody.importRoot(name(), key, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    if (work.unwraps() == 0) {
      SecretBytes above = key;
      key = KeyDerivation.derive(above, LABEL, algorithm.keyOctets());
      above.close();
    }
    for (int i = 0; i < work.unwraps() + work.releases(); i++) {
      try (SecretBytes above = key) {
        SecretBytes below = SecretBytes.random(random, algorithm.keyOctets());
        chain.add(algorithm.wrap(above, below));
        key = below;
      }
    }
    key.close();
  }

  private KeyName name() {
    return KeyName.of("floor-" + names++);
  }

  /** Does it once; gives how long it took, in nanoseconds. */
  long once() throws CustodyException, NotAuthenticException {
    List<KeyRef> made = new ArrayList<>();
    long start = System.nanoTime();
    // the last key of all wraps the Rekey SA's keys
    KeyRef last = root;
    for (int i = 1; i <= work.derivations(); i++) {
      boolean releases = i == work.derivations() && work.unwraps() == 0;
      KeyRole role = releases ? KeyRole.RELEASER : KeyRole.CHAIN;
      last = custody.derive(root, LABEL, algorithm.keyOctets(), name(), role);
      made.add(last);
    }
    KeyRef parent = work.unwraps() == 0 ? last : root;
    for (int i = 1; i <= work.unwraps(); i++) {
      KeyRole role = i == work.unwraps() ? KeyRole.RELEASER : KeyRole.KEK_PARENT;
      parent = custody.unwrap(parent, chain.get(i - 1), name(), role, KeyLifetime.SESSION);
      made.add(parent);
    }
    for (int i = 0; i < work.releases(); i++) {
      custody.release(parent, chain.get(work.unwraps())).close();
    }
    for (int i = 0; i < messages.size(); i++) {
      SCHEME.verify(publicKey, messages.get(i), signatures.get(i));
    }
    long nanos = System.nanoTime() - start;
    for (KeyRef key : made) {
      custody.destroy(key);
    }
    return nanos;
  }

  @Override
  public void close() throws CustodyException {
    custody.destroy(root);
  }
}
