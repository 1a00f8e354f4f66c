package org.keyfleet.protocol.gikev2;

import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SkCipher;

/**
 * The keys of a Data-Security SA, in host memory (RFC 9838 section 3.4): "the encryption key (if
 * any) MUST be taken from the leftmost bits of the keying material and the integrity key (if any)
 * MUST be taken from the remaining bits". The encryption key of AES-GCM ends with its 4 octets of
 * salt (RFC 4106 section 8.1).
 */
public final class DataSaKeys implements AutoCloseable {
  private final SecretBytes encryption;
  private final SecretBytes integrity;

  private DataSaKeys(SecretBytes encryption, SecretBytes integrity) {
    this.encryption = encryption;
    this.integrity = integrity;
  }

  /** Octets of keying material that a cipher needs. */
  public static int keymatOctets(SkCipher cipher) {
    return cipher.encryptionKeyOctets() + cipher.integrityKeyOctets();
  }

  /**
   * Splits the content of an SA_KEY.
   *
   * @param keymat stays open and with the caller
   * @throws MalformedMessageException when it has another size than the cipher needs
   */
  public static DataSaKeys split(SecretBytes keymat, SkCipher cipher)
      throws MalformedMessageException {
    if (keymat.size() != keymatOctets(cipher)) {
      throw new MalformedMessageException(
          "KEYMAT: " + keymat.size() + " octets, " + keymatOctets(cipher) + " needed");
    }
    int integrityAt = cipher.encryptionKeyOctets();
    return new DataSaKeys(keymat.slice(0, integrityAt), keymat.slice(integrityAt, keymat.size()));
  }

  /** Owned by this object. */
  public SecretBytes encryption() {
    return encryption;
  }

  /** Empty with an AEAD cipher; owned by this object. */
  public SecretBytes integrity() {
    return integrity;
  }

  @Override
  public void close() {
    encryption.close();
    integrity.close();
  }

  @Override
  public String toString() {
    return "DataSaKeys";
  }
}
