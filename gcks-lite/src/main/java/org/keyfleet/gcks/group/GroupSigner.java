package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;

/**
 * Signs a group's rekey messages with an ML-DSA key of its own (FIPS 204). The private key lies
 * nowhere: it is made of the group's master for each signature and forgotten, so it is there as
 * long as the custody is, after each restart too.
 */
final class GroupSigner implements Signer {
  private final GroupKeys keys;
  private final SignatureScheme scheme;
  private final SecureRandom random;
  private Bytes subjectPublicKeyInfo = Bytes.EMPTY;

  GroupSigner(GroupKeys keys, SignatureScheme scheme, SecureRandom random) {
    this.keys = keys;
    this.scheme = scheme;
    this.random = random;
  }

  /** Learns the public key; the group's keys are open. */
  void open() throws CustodyException {
    try (SoftSigner signer = signer()) {
      subjectPublicKeyInfo = signer.subjectPublicKeyInfo();
    }
  }

  @Override
  public SignatureScheme scheme() {
    return scheme;
  }

  @Override
  public Bytes subjectPublicKeyInfo() {
    if (subjectPublicKeyInfo.isEmpty()) {
      throw new IllegalStateException("the group is not open");
    }
    return subjectPublicKeyInfo;
  }

  @Override
  public Bytes sign(Bytes message) throws SigningException {
    try (SoftSigner signer = signer()) {
      if (!signer.subjectPublicKeyInfo().equals(subjectPublicKeyInfo())) {
        throw new SigningException(
            "the custody has another master key", new IllegalStateException(toString()));
      }
      return signer.sign(message);
    } catch (CustodyException e) {
      throw new SigningException("the custody gives no key to sign with", e);
    }
  }

  @Override
  public String toString() {
    return "GroupSigner[" + scheme + "]";
  }

  private SoftSigner signer() throws CustodyException {
    try (SecretBytes seed = keys.signatureSeed(scheme)) {
      return SoftSigner.ofSeed(scheme, seed, random);
    }
  }
}
