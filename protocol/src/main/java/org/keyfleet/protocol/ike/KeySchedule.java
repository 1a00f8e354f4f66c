package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Prf;
import org.keyfleet.protocol.suite.SkCipher;

/** From the shared secret of IKE_SA_INIT to the keys of the IKE SA (RFC 7296 section 2.14). */
public final class KeySchedule {
  private KeySchedule() {}

  /**
   * {@code SKEYSEED = prf(Ni | Nr, g^ir)}; {@code prf+(SKEYSEED, Ni | Nr | SPIi | SPIr)}. The
   * shared secret stays open; the caller wipes it.
   */
  public static IkeSaKeys derive(
      Prf prf,
      SkCipher cipher,
      Bytes initiatorNonce,
      Bytes responderNonce,
      IkeSpi initiatorSpi,
      IkeSpi responderSpi,
      SecretBytes sharedSecret) {
    Bytes nonces = Bytes.concat(initiatorNonce, responderNonce);
    Bytes seed = Bytes.concat(nonces, initiatorSpi.octets(), responderSpi.octets());
    int octets =
        3 * prf.outputOctets() + 2 * cipher.integrityKeyOctets() + 2 * cipher.encryptionKeyOctets();
    try (SecretBytes nonceKey = SecretBytes.takeFrom(nonces.toArray());
        SecretBytes skeyseed = prf.mac(nonceKey, sharedSecret);
        SecretBytes keyMaterial = prf.plus(skeyseed, seed, octets)) {
      return new IkeSaKeys(
          prf, keyMaterial, cipher.integrityKeyOctets(), cipher.encryptionKeyOctets());
    }
  }
}
