package org.keyfleet.protocol.gikev2;

import java.util.Optional;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.SkCipher;

/** The algorithms of a Rekey SA, once this device is known to have them. */
public record RekeySuite(SkCipher cipher, KeyWrap keyWrap) {

  /** Empty when the policy names an algorithm we do not have: NO_PROPOSAL_CHOSEN. */
  public static Optional<RekeySuite> of(RekeySaPolicy policy) {
    CipherSuite cipher = policy.cipher();
    return SkCipher.of(cipher.encryptionId(), cipher.keyBits(), cipher.integrityId())
        .flatMap(
            known ->
                KeyWrap.ofTransformId(policy.keyWrapId()).map(wrap -> new RekeySuite(known, wrap)));
  }

  /** Octets of the SA's keying material: GSK_e | GSK_a | GSK_w (RFC 9838 section 3.4). */
  public int keymatOctets() {
    return cipher.encryptionKeyOctets() + cipher.integrityKeyOctets() + keyWrap.keyOctets();
  }

  /**
   * Section 3.1: the size of key wrap keys "SHOULD NOT be less than the size of the key for the
   * Encryption Algorithm transform for the Rekey SA and for all Data-Security SAs in the group".
   */
  public boolean keyWrapIsStrongEnough(GroupPolicy policy) {
    int wrapBits = keyWrap.keyOctets() * 8;
    return policy.sas().stream().allMatch(sa -> sa.cipher().encryptionKeyBits() <= wrapBits);
  }
}
