package org.keyfleet.protocol.gikev2;

import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * The keys of a Rekey SA, in host memory (RFC 9838 section 3.4). With an AEAD cipher GSK_a is empty
 * and GSK_e ends with the 4 octets of salt (RFC 5282).
 */
public final class RekeySaKeys implements AutoCloseable {
  private final SecretBytes encryption;
  private final SecretBytes integrity;
  private final SecretBytes keyWrap;

  private RekeySaKeys(SecretBytes encryption, SecretBytes integrity, SecretBytes keyWrap) {
    this.encryption = encryption;
    this.integrity = integrity;
    this.keyWrap = keyWrap;
  }

  /**
   * Splits the content of an SA_KEY: {@code GSK_e | GSK_a | GSK_w = KEYMAT}.
   *
   * @param keymat stays open and with the caller
   * @throws MalformedMessageException when it has another size: "The size of the keying material
   *     MUST be equal to the total size of the keys needed" (section 4.5.2.1)
   */
  public static RekeySaKeys split(SecretBytes keymat, RekeySuite suite)
      throws MalformedMessageException {
    if (keymat.size() != suite.keymatOctets()) {
      throw new MalformedMessageException(
          "KEYMAT: " + keymat.size() + " octets, " + suite.keymatOctets() + " needed");
    }
    int integrityAt = suite.cipher().encryptionKeyOctets();
    int keyWrapAt = integrityAt + suite.cipher().integrityKeyOctets();
    return new RekeySaKeys(
        keymat.slice(0, integrityAt),
        keymat.slice(integrityAt, keyWrapAt),
        keymat.slice(keyWrapAt, keymat.size()));
  }

  /** GSK_e; owned by this object. */
  public SecretBytes encryption() {
    return encryption;
  }

  /** GSK_a, empty with an AEAD cipher; owned by this object. */
  public SecretBytes integrity() {
    return integrity;
  }

  /** GSK_w, the default KWK of this SA; owned by this object. */
  public SecretBytes keyWrap() {
    return keyWrap;
  }

  @Override
  public void close() {
    encryption.close();
    integrity.close();
    keyWrap.close();
  }

  @Override
  public String toString() {
    return "RekeySaKeys";
  }
}
