package org.keyfleet.hsm;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * Signs with an identity of a custody. The name is looked up at each signature, so a signer stays
 * good over {@link KeyCustody#recover}; like its custody it belongs to one thread.
 */
public final class TokenSigner implements Signer {
  private final KeyCustody custody;
  private final KeyName identity;
  private final Bytes subjectPublicKeyInfo;
  private final SignatureScheme scheme;

  private TokenSigner(KeyCustody custody, KeyName identity, Bytes subjectPublicKeyInfo) {
    this.custody = custody;
    this.identity = identity;
    this.subjectPublicKeyInfo = subjectPublicKeyInfo;
    this.scheme =
        SignatureScheme.ED25519.fits(subjectPublicKeyInfo)
            ? SignatureScheme.ED25519
            : SignatureScheme.ECDSA_P256_SHA256;
  }

  /**
   * A signer for the identity of this name.
   *
   * @throws CustodyException NO_KEY if there is none
   */
  public static TokenSigner of(KeyCustody custody, KeyName identity) throws CustodyException {
    return new TokenSigner(custody, identity, custody.publicKeyInfo(find(custody, identity)));
  }

  @Override
  public SignatureScheme scheme() {
    return scheme;
  }

  @Override
  public Bytes subjectPublicKeyInfo() {
    return subjectPublicKeyInfo;
  }

  @Override
  public Bytes sign(Bytes message) throws SigningException {
    try {
      return custody.sign(find(custody, identity), message);
    } catch (CustodyException e) {
      throw new SigningException("the token does not sign", e);
    }
  }

  private static KeyRef find(KeyCustody custody, KeyName name) throws CustodyException {
    return custody
        .find(name)
        .filter(key -> key.role() == KeyRole.IDENTITY)
        .orElseThrow(() -> new CustodyException(CustodyFault.NO_KEY, "no identity " + name));
  }
}
