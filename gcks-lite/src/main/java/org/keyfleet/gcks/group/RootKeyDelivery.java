package org.keyfleet.gcks.group;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.protocol.gikev2.Attribute;
import org.keyfleet.protocol.gikev2.KfAgree;
import org.keyfleet.protocol.gikev2.MemberKeyBag;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyShare;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * Brings a member's root key K_m into its token without passing through its host: K_m goes under a
 * key that the token agrees on with an ephemeral key of ours (KF_AGREE).
 */
final class RootKeyDelivery {
  private static final int POINT_OCTETS = 64;

  private final SecureRandom random;

  RootKeyDelivery(SecureRandom random) {
    this.random = random;
  }

  /** Whether a certificate's key can agree: P-256, as the token's identity key is. */
  static Optional<Bytes> agreementPoint(Bytes subjectPublicKeyInfo) {
    if (subjectPublicKeyInfo.size() < POINT_OCTETS) {
      return Optional.empty();
    }
    int size = subjectPublicKeyInfo.size();
    Bytes point = subjectPublicKeyInfo.slice(size - POINT_OCTETS, size);
    // the one DER form of a P-256 key; anything else is another kind of key
    Bytes uncompressed = Bytes.concat(Bytes.of(4), point);
    return IdentityAlgorithm.P256.publicKeyInfo(uncompressed).equals(subjectPublicKeyInfo)
        ? Optional.of(point)
        : Optional.empty();
  }

  /**
   * The bag with K_m under an agreed key.
   *
   * @param agreedKeyId Key ID for the agreed key, used nowhere else
   * @param devicePoint the certificate's point
   * @throws MalformedMessageException when the point is not on the curve
   */
  MemberKeyBag agreed(
      MemberKeyBag bag, long rootKeyId, SecretBytes rootKey, long agreedKeyId, Bytes devicePoint)
      throws MalformedMessageException {
    try (KeyShare share = KeyExchangeMethod.ECP_256.generate(random);
        SecretBytes shared = share.agree(devicePoint);
        SecretBytes agreed = KeyDerivation.derive(shared, KfAgree.LABEL)) {
      List<WrappedKey> wraps = new ArrayList<>(bag.wrapKeys());
      wraps.add(new WrappedKey(rootKeyId, agreedKeyId, KeyWrap.KW_5649_256.wrap(agreed, rootKey)));
      List<Attribute> others = new ArrayList<>(bag.others());
      others.add(new KfAgree(agreedKeyId, share.publicValue()).toAttribute());
      return MemberKeyBag.ofWrapKeys(wraps).withOthers(others);
    }
  }
}
